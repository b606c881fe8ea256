import { performance } from 'node:perf_hooks'

/**
 * Time as this package sees it: a monotonic clock in milliseconds and one-shot timers.
 * Everything that waits takes one of these, so that a test can move time by hand.
 */
export interface MediaClock {
  /** Milliseconds since an arbitrary moment; never goes backwards. */
  now(): number
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  schedule(callback: () => void, delayMs: number): () => void
}

/** The real clock: `performance.now()` and `setTimeout`. */
export const systemClock: MediaClock = {
  now: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
