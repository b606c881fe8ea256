import { type Clock, redactCause } from '@ivh-kit/kernel'
import type { IvhSession } from '../contracts/session'
import { isIvhError } from '../errors'
import { openEnd, openStart } from './diagnostics'
import type { RunObserver } from './run-observer'
import type { SessionWatchers } from './session-watch'

/** One `sessions.open`, as observers and plugins see it. */
export interface Opening {
  readonly openId: string
  /**
   * Runs one attempt to create the session. When it fails, or the open fails later, the plugins that took
   * part receive `onFailed`. An open that waits for concurrency therefore reserves nothing.
   */
  attempt<Result>(run: (attempt: OpenAttempt) => Promise<Result>): Promise<Result>
}

/** One attempt to create the session of an open. */
export interface OpenAttempt {
  readonly openId: string
  /** Calls `report` when the attempt or the open fails; at once when it has failed already. */
  onFailed(plugin: string, report: (error: unknown) => void): void
}

/** Runs an open, and reports its start and end. */
export type Openings = <Session extends IvhSession>(
  userId: string,
  open: (opening: Opening) => Promise<Session>,
) => Promise<Session>

export function createOpenings(parts: {
  readonly clock: Clock
  readonly runObserver: RunObserver
  readonly sessions: SessionWatchers
}): Openings {
  const { clock, runObserver, sessions } = parts

  return async (userId, open) => {
    const openId = crypto.randomUUID()
    const startedAt = clock.now()
    let latest: FailureReports | undefined
    const opening: Opening = {
      openId,
      async attempt(run) {
        const reports = new FailureReports()
        latest = reports
        try {
          return await run({
            openId,
            onFailed: (plugin, report) =>
              reports.add((error) => void runObserver(plugin, 'onFailed', () => report(error))),
          })
        } catch (error) {
          failAfterCleanup(reports, error)
          throw error
        }
      },
    }
    const publishEnd = (session?: IvhSession, error?: unknown) => {
      if (!openEnd.hasSubscribers) return
      const elapsedMs = clock.now() - startedAt
      const sessionId = session?.id
      openEnd.publish({ openId, userId, elapsedMs, sessionId, error: redactCause(error) })
    }

    if (openStart.hasSubscribers) openStart.publish({ openId, userId })
    try {
      const session = await open(opening)
      publishEnd(session)
      sessions.opened(session, { openId, elapsedMs: clock.now() - startedAt })
      return session
    } catch (error) {
      publishEnd(undefined, error)
      if (latest) failAfterCleanup(latest, error)
      throw error
    }
  }
}

/** Reports a failure when no session of the attempt is left: a plugin may count what is paid for. */
function failAfterCleanup(reports: FailureReports, error: unknown): void {
  const cleanup = isIvhError(error) ? error.cleanup : undefined
  if (cleanup) void cleanup.then(() => reports.fail(error))
  else reports.fail(error)
}

/** The `onFailed` callbacks of one attempt. Each is called at most once. */
class FailureReports {
  readonly #reports: ((error: unknown) => void)[] = []
  #failed: { readonly error: unknown } | undefined

  add(report: (error: unknown) => void): void {
    if (this.#failed) report(this.#failed.error)
    else this.#reports.push(report)
  }

  fail(error: unknown): void {
    this.#failed ??= { error }
    for (const report of this.#reports.splice(0)) report(error)
  }
}
