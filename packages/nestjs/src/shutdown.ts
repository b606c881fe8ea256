import { type Clock, IvhConfigError } from '@ivh-kit/core'

const defaultTimeoutMs = 10_000
/** A timer that is set for longer than this fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** @throws IvhConfigError when `shutdownTimeoutMs` is no time to wait. */
export function resolveShutdownTimeout(timeoutMs = defaultTimeoutMs): number {
  if (timeoutMs > 0 && timeoutMs <= longestTimerMs) return timeoutMs
  throw new IvhConfigError(
    `shutdownTimeoutMs must be a positive number of milliseconds, got ${timeoutMs}`,
    { hint: `Leave it out for ${defaultTimeoutMs}.` },
  )
}

/** Waits for `work`, but no longer than `timeoutMs`: then `false`, and `work` goes on. */
export async function within(
  timeoutMs: number,
  clock: Clock,
  work: Promise<void>,
): Promise<boolean> {
  let cancel = () => {}
  const timedOut = new Promise<false>((resolve) => {
    cancel = clock.after(timeoutMs, () => resolve(false))
  })
  try {
    return await Promise.race([work.then(() => true), timedOut])
  } finally {
    cancel()
  }
}

/** One line for the log; of several failures that came together, each one. */
export function reasonsOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error)
}
