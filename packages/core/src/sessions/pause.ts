import type { Clock } from '../clock'

/** Resolves after `delayMs`, or at once with `false` when the signal fires. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const onAbort = () => settle(false)
    const cancel = clock.after(delayMs, () => settle(true))
    signal?.addEventListener('abort', onAbort, { once: true })
    function settle(completed: boolean): void {
      cancel()
      signal?.removeEventListener('abort', onAbort)
      resolve(completed)
    }
  })
}
