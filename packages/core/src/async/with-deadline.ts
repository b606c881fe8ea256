import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from './on-abort'

/** The reason why {@link withDeadline} stopped waiting. */
export type Interruption = 'timeout' | 'aborted'

export type DeadlineResult<Value> =
  | { readonly interrupted?: undefined; readonly value: Value }
  | { readonly interrupted: Interruption }

/**
 * Runs a task until it settles, the timeout expires or the caller's signal fires. An interruption fires
 * the task's own signal; a task that ignores it continues unobserved. Errors of the task pass through.
 * Timers and listeners are removed when the result is known.
 */
export function withDeadline<Value>(
  task: (signal: AbortSignal) => Promise<Value>,
  options: {
    readonly clock: Clock
    readonly timeoutMs?: number | undefined
    readonly signal?: AbortSignal | undefined
  },
): Promise<DeadlineResult<Value>> {
  const { clock, timeoutMs, signal } = options
  if (signal?.aborted) return Promise.resolve({ interrupted: 'aborted' })
  return new Promise((resolve, reject) => {
    const controller = new AbortController()
    let cancelTimer: (() => void) | undefined
    let stopListening: (() => void) | undefined
    const release = () => {
      cancelTimer?.()
      stopListening?.()
    }
    const interrupt = (interruption: Interruption) => {
      release()
      resolve({ interrupted: interruption })
      controller.abort()
    }
    if (signal) stopListening = onAbort(signal, () => interrupt('aborted'))
    if (timeoutMs !== undefined) cancelTimer = clock.after(timeoutMs, () => interrupt('timeout'))
    // Make the function async, so that a synchronous error of the task rejects too.
    const run = async () => task(controller.signal)
    run()
      .finally(release)
      .then((value) => resolve({ value }), reject)
  })
}
