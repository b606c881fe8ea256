import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from '../client/on-abort'

/** Resolves with `true` after `delayMs`, or at once with `false` when the signal fires. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (completed: boolean) => {
      cancel()
      forget?.()
      resolve(completed)
    }
    const cancel = clock.after(delayMs, () => settle(true))
    const forget = signal && onAbort(signal, () => settle(false))
  })
}
