import type { ResolvedOptions } from '../../options/resolve-options'
import type { OpenPhase, OpenSessionOptions } from './open-options'

export type ProgressReporter = (phase: OpenPhase, sessionId?: string) => void

/** Creates the function that calls `onProgress`. Errors of `onProgress` are logged. */
export function createProgressReporter(
  { onProgress }: OpenSessionOptions,
  { logger, steady: clock }: ResolvedOptions,
): ProgressReporter {
  if (!onProgress) return () => {}
  const startedAt = clock.now()
  const logFailure = (error: unknown) => logger.error(`onProgress failed: ${String(error)}`)
  return (phase, sessionId) => {
    try {
      const elapsedMs = Math.round(clock.now() - startedAt)
      const returned: unknown = onProgress({ phase, sessionId, elapsedMs })
      // Handle a promise: the type accepts an async function, and a rejection must not end the process.
      if (returned instanceof Promise) returned.catch(logFailure)
    } catch (error) {
      logFailure(error)
    }
  }
}
