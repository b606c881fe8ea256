import { once } from 'node:events'
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
export async function buildInWorker(
  appearance: Appearance,
  signal?: AbortSignal,
  images: FetchedImages = new Map(),
): Promise<BankData> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./bank-worker.mjs', import.meta.url), {
    workerData: { appearance, images } satisfies BankOrder,
  })
  // Both promises also reject with an error that the worker throws.
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`The picture worker ended with code ${code} before its bank was ready.`)
  })
  try {
    const [bank] = await Promise.race([once(worker, 'message', signal ? { signal } : {}), ended])
    return bank
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    void worker.terminate()
  }
}
