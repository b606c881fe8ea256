import { Worker } from 'node:worker_threads'
import type { Appearance } from '../face/appearance'
import type { FetchedImages } from './fetched-images'
import type { BankData } from './picture-bank'

/** What the thread gets to know. */
export interface BankOrder {
  readonly appearance: Appearance
  readonly images: FetchedImages
}

/**
 * Builds a bank in a thread of its own.
 *
 * The file is found beside this module: `dist/bank-worker.mjs` in the package, and in the
 * source tree `src/bank/bank-worker.mjs`, which loads the TypeScript next to it.
 */
export function buildInWorker(
  appearance: Appearance,
  signal?: AbortSignal,
  images: FetchedImages = new Map(),
): Promise<BankData> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const worker = new Worker(new URL('./bank-worker.mjs', import.meta.url), {
      workerData: { appearance, images } satisfies BankOrder,
    })
    const finish = (settle: () => void): void => {
      signal?.removeEventListener('abort', abort)
      settle()
      // The AAC encoder keeps a thread of its own that would keep this one alive.
      void worker.terminate()
    }
    const abort = (): void => finish(() => reject(signal?.reason))
    signal?.addEventListener('abort', abort, { once: true })
    worker.once('message', (bank: BankData) => finish(() => resolve(bank)))
    worker.once('error', (error) => finish(() => reject(error)))
    worker.once('exit', (code) =>
      finish(() => reject(new Error(`The picture bank worker ended with code ${code}.`))),
    )
  })
}
