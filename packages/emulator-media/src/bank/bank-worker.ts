import { parentPort, workerData } from 'node:worker_threads'
import { buildBank } from './build-bank'
import type { BankOrder } from './build-in-worker'

// Encoding takes a second of pure computing, during which no stream could be served from the
// main thread. A failure is left to be thrown: it reaches the parent as the worker's error.
if (!parentPort || !isOrder(workerData)) {
  throw new Error('bank-worker runs as a worker thread, with a BankOrder as its workerData.')
}
const bank = await buildBank(workerData.appearance, workerData.images)
parentPort.postMessage(bank, [bank.pictures.buffer])

function isOrder(data: unknown): data is BankOrder {
  return typeof data === 'object' && data !== null && 'appearance' in data && 'images' in data
}
