import { parentPort, workerData } from 'node:worker_threads'
import { buildBank } from './build-bank'
import type { BankOrder } from './build-in-worker'

// Encode in a worker: encoding takes a second of pure computing, which would stop every stream on the main
// thread. An error that is thrown here reaches the parent as the worker's error.
if (!parentPort || !isOrder(workerData)) {
  throw new Error('bank-worker must run as a worker thread with a BankOrder as its workerData.')
}
const bank = await buildBank(workerData.appearance, workerData.images)
parentPort.postMessage(bank, [bank.pictures.buffer])

function isOrder(data: unknown): data is BankOrder {
  return typeof data === 'object' && data !== null && 'appearance' in data && 'images' in data
}
