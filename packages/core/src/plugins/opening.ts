import type { Clock } from '@ivh-kit/kernel'
import { redactCause } from '@ivh-kit/kernel'
import type { IvhSession } from '../sessions/session'
import { openEnd, openStart } from './diagnostics'
import type { RunObserver } from './run-observer'
import type { SessionWatchers } from './session-watch'

/** One `sessions.open`, from the call to its end, for those who look on and those who take part. */
export interface Opening {
  readonly openId: string
  /**
   * Runs one try to create the session. When it fails, and when the open fails after it, those who took
   * part in it are told; so whoever waits for concurrency holds nothing meanwhile.
   */
  attempt<Result>(run: (attempt: OpenAttempt) => Promise<Result>): Promise<Result>
}

/** One try to create the session of an open. */
export interface OpenAttempt {
  readonly openId: string
  /** Calls back when the try, or the open after it, fails; at once when it already has. */
  onFailed(plugin: string, tell: (error: unknown) => void): void
}

export type Openings = (
  userId: string,
  open: (opening: Opening) => Promise<IvhSession>,
) => Promise<IvhSession>

export function createOpenings(parts: {
  readonly clock: Clock
  readonly runObserver: RunObserver
  readonly sessions: SessionWatchers
}): Openings {
  const { clock, runObserver, sessions } = parts

  return async (userId, open) => {
    const openId = crypto.randomUUID()
    const startedAt = clock.now()
    let latest: Concerned | undefined
    const opening: Opening = {
      openId,
      async attempt(run) {
        const concerned = new Concerned()
        latest = concerned
        try {
          return await run({
            openId,
            onFailed: (plugin, tell) =>
              concerned.add((error) => void runObserver(plugin, 'onFailed', () => tell(error))),
          })
        } catch (error) {
          concerned.fail(error)
          throw error
        }
      },
    }
    const ended = (session?: IvhSession, error?: unknown) => {
      if (!openEnd.hasSubscribers) return
      const elapsedMs = clock.now() - startedAt
      const sessionId = session?.id
      openEnd.publish({ openId, userId, elapsedMs, sessionId, error: redactCause(error) })
    }

    if (openStart.hasSubscribers) openStart.publish({ openId, userId })
    try {
      const session = await open(opening)
      ended(session)
      sessions.opened(session, { openId, elapsedMs: clock.now() - startedAt })
      return session
    } catch (error) {
      ended(undefined, error)
      latest?.fail(error)
      throw error
    }
  }
}

/** Those who want to hear of a failure; each hears of it once. */
class Concerned {
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
