import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from './on-abort'
import { withDeadline } from './with-deadline'

/** Waits until the promise settles or one of the signals fires. @throws The promise's rejection. */
export async function unless(
  promise: Promise<unknown>,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<void> {
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const forget = signals.map((signal) => {
    if (signal?.aborted) stop()
    return signal && onAbort(signal, stop)
  })
  try {
    await Promise.race([promise, stopped])
  } finally {
    for (const each of forget) each?.()
  }
}

/** Waits until the promise settles, for at most `ms`. @throws The promise's rejection. */
export async function atMost(clock: Clock, ms: number, promise: Promise<unknown>): Promise<void> {
  await withDeadline(() => promise, { clock, timeoutMs: ms })
}
