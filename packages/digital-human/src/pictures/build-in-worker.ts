import { Worker } from 'node:worker_threads'
import type { Appearance } from '../face/appearance'
import type { FetchedImages } from './fetched-images'
import type { BankData } from './picture-bank'

/** The thread's task. */
export interface BankOrder {
  readonly appearance: Appearance
  readonly images: FetchedImages
}

/**
 * Builds a bank in a thread of its own.
 *
 * The thread runs the file beside this module: `dist/bank-worker.mjs` in the package and
 * `src/pictures/bank-worker.mjs` in the source tree, which loads the TypeScript next to it.
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
      void worker.terminate()
    }
    const abort = (): void => finish(() => reject(signal?.reason))
    signal?.addEventListener('abort', abort, { once: true })
    worker.once('message', (bank: BankData) => finish(() => resolve(bank)))
    worker.once('error', (error) => finish(() => reject(error)))
    worker.once('exit', (code) =>
      finish(() =>
        reject(new Error(`The picture worker ended with code ${code} before its bank was ready.`)),
      ),
    )
  })
}
