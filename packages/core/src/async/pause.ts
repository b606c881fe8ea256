import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from './on-abort'

/** Resolves with `true` after `delayMs`, or with `false` as soon as the signal fires. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (completed: boolean) => {
      cancelTimer()
      stopListening?.()
      resolve(completed)
    }
    const cancelTimer = clock.after(delayMs, () => settle(true))
    const stopListening = signal && onAbort(signal, () => settle(false))
  })
}
