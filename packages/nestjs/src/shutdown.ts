import { type Clock, checkDuration } from '@ivh-kit/kernel'

/** @throws IvhConfigError for an invalid `shutdownTimeoutMs`. */
export function resolveShutdownTimeout(timeoutMs = 10_000): number {
  return checkDuration('shutdownTimeoutMs', timeoutMs)
}

/** Waits for `work` at most `timeoutMs`. Resolves with false at the timeout; `work` continues. */
export async function settlesWithin(
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

/** Returns one line for the log, which lists each error of an AggregateError. */
export function reasonsOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error)
}
