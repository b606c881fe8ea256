import type { Clock } from '../clock'
import { redactCause } from '../redaction/redact-cause'
import type { IvhSession } from '../sessions/session'
import { openEnd, openStart } from './diagnostics'
import type { LookOn } from './look-on'
import { openScope } from './open-scope'
import type { RequestWatchers } from './request-watch'
import type { SessionWatchers } from './session-watch'

/** One `sessions.open`, from the call to its end, for those who look on and those who take part. */
export interface Opening {
  readonly openId: string
  /** Calls back when the open fails, at once when it already has. */
  onFailed(plugin: string, tell: (error: unknown) => void): void
}

export type Openings = (
  userId: string,
  open: (opening: Opening) => Promise<IvhSession>,
) => Promise<IvhSession>

export function createOpenings(parts: {
  readonly clock: Clock
  readonly lookOn: LookOn
  readonly requests: RequestWatchers
  readonly sessions: SessionWatchers
}): Openings {
  const { clock, lookOn, requests, sessions } = parts

  return async (userId, open) => {
    const openId = crypto.randomUUID()
    const startedAt = clock.now()
    const concerned: ((error: unknown) => void)[] = []
    let failed: { readonly error: unknown } | undefined
    const opening: Opening = {
      openId,
      onFailed(plugin, tell) {
        const report = (error: unknown) => void lookOn(plugin, 'onFailed', () => tell(error))
        if (failed) report(failed.error)
        else concerned.push(report)
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
      const session = await (requests.anyone
        ? openScope.run(openId, () => open(opening))
        : open(opening))
      ended(session)
      sessions.opened(session, { openId, elapsedMs: clock.now() - startedAt })
      return session
    } catch (error) {
      ended(undefined, error)
      failed = { error }
      for (const report of concerned) report(error)
      throw error
    }
  }
}
