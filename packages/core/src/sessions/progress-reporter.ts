import type { ResolvedOptions } from '../client/options'
import type { OpenPhase, OpenSessionOptions } from './open-options'

export type ProgressReporter = (phase: OpenPhase, sessionId?: string) => void

/** Tells `onProgress` how far an open has come; what that throws is logged. */
export function createProgressReporter(
  { onProgress }: OpenSessionOptions,
  { logger, steady: clock }: ResolvedOptions,
): ProgressReporter {
  if (!onProgress) return () => {}
  const startedAt = clock.now()
  const complain = (error: unknown) => logger.error(`onProgress failed: ${String(error)}`)
  return (phase, sessionId) => {
    try {
      const elapsedMs = Math.round(clock.now() - startedAt)
      const returned: unknown = onProgress({ phase, sessionId, elapsedMs })
      // An async function fits the type; its rejection must not end the process.
      if (returned instanceof Promise) returned.catch(complain)
    } catch (error) {
      complain(error)
    }
  }
}
