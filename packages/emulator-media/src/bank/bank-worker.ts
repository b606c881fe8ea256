import { parentPort, workerData } from 'node:worker_threads'
import type { Appearance } from '../face/appearance'
import { buildBank } from './build-bank'

// Encoding takes a second of pure computing, during which no stream could be served from the
// main thread. A failure is left to be thrown: it reaches the parent as the worker's error.
if (!parentPort || !isAppearance(workerData)) {
  throw new Error('bank-worker runs as a worker thread, with an Appearance as its workerData.')
}
const bank = await buildBank(workerData)
parentPort.postMessage(bank, [bank.pictures.buffer])

function isAppearance(data: unknown): data is Appearance {
  return typeof data === 'object' && data !== null && 'avatar' in data && 'orientation' in data
}
