import { parentPort, workerData } from 'node:worker_threads'
import { buildBank } from './build-bank'

// Encoding takes a second of pure computing, during which no stream could be served from the
// main thread. A failure is left to be thrown: it reaches the parent as the worker's error.
if (!parentPort || typeof workerData !== 'string') {
  throw new Error('bank-worker runs as a worker thread, with the avatar as its workerData.')
}
const bank = await buildBank(workerData)
parentPort.postMessage(bank, [bank.pictures.buffer])
