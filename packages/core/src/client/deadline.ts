import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from './on-abort'

/** Why a {@link withDeadline} task was cut short. */
export type Interruption = 'timeout' | 'aborted'

export type DeadlineResult<Value> =
  | { readonly interrupted?: undefined; readonly value: Value }
  | { readonly interrupted: Interruption }

/**
 * Runs a task that takes an AbortSignal, and cuts it short when the time is over or the caller's
 * signal fires, whichever is given. A task that ignores its signal goes on behind, unwatched. Listeners and timers are gone when it settles, so one long-lived signal can serve any
 * number of calls. Errors of the task itself pass through.
 */
export async function withDeadline<Value>(
  task: (signal: AbortSignal) => Promise<Value>,
  options: {
    readonly clock: Clock
    readonly timeoutMs?: number | undefined
    readonly signal?: AbortSignal | undefined
  },
): Promise<DeadlineResult<Value>> {
  if (options.signal?.aborted) return { interrupted: 'aborted' }
  const controller = new AbortController()
  const cleanUps: (() => void)[] = []
  const interrupted = new Promise<DeadlineResult<Value>>((resolve) => {
    const interrupt = (interruption: Interruption) => {
      resolve({ interrupted: interruption })
      controller.abort()
    }
    if (options.signal) cleanUps.push(onAbort(options.signal, () => interrupt('aborted')))
    if (options.timeoutMs !== undefined) {
      cleanUps.push(options.clock.after(options.timeoutMs, () => interrupt('timeout')))
    }
  })
  try {
    const finished = task(controller.signal).then((value) => ({ value }))
    // When the task loses the race its rejection is the echo of our own abort.
    finished.catch(() => {})
    return await Promise.race([interrupted, finished])
  } finally {
    for (const cleanUp of cleanUps) cleanUp()
  }
}
