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
export async function withDeadline<Value>(
  task: (signal: AbortSignal) => Promise<Value>,
  options: {
    readonly clock: Clock
    readonly timeoutMs?: number | undefined
    readonly signal?: AbortSignal | undefined
  },
): Promise<DeadlineResult<Value>> {
  const { clock, timeoutMs, signal } = options
  if (signal?.aborted) return { interrupted: 'aborted' }
  const controller = new AbortController()
  let cancelTimer: (() => void) | undefined
  let stopListening: (() => void) | undefined
  const interrupted = new Promise<DeadlineResult<Value>>((resolve) => {
    const interrupt = (interruption: Interruption) => {
      resolve({ interrupted: interruption })
      controller.abort()
    }
    if (signal) stopListening = onAbort(signal, () => interrupt('aborted'))
    if (timeoutMs !== undefined) cancelTimer = clock.after(timeoutMs, () => interrupt('timeout'))
  })
  try {
    const finished = task(controller.signal).then((value) => ({ value }))
    // After an interruption nobody awaits the task, and its rejection is the echo of the abort.
    finished.catch(() => {})
    return await Promise.race([interrupted, finished])
  } finally {
    cancelTimer?.()
    stopListening?.()
  }
}
