import { definePlugin, type IvhPlugin, type IvhSession, type Logger } from '@ivh-kit/core'

export interface SpendGuardOptions {
  /** Maximum number of sessions that are open or opening. */
  readonly maxSessions: number
  /** Maximum duration of a session, in milliseconds. */
  readonly maxDurationMs: number
  readonly logger: Pick<Logger, 'warn'>
}

/** The guard's data about one session, from `session.extension(guard)`. */
export interface SpendGuard {
  readonly openedAt: number
  /** Number of open sessions, this one included. */
  readonly openSessions: () => number
}

/**
 * Limits the cost of sessions: refuses a session above the limit before anything is sent, and closes a
 * session that lasts too long. An example of a plugin outside the kit.
 */
export function spendGuard(options: SpendGuardOptions): IvhPlugin<SpendGuard> {
  const { logger, maxDurationMs, maxSessions } = options
  const timers = new Map<IvhSession, NodeJS.Timeout>()
  let open = 0

  const limitDuration = (session: IvhSession) => {
    const timer = setTimeout(() => {
      logger.warn(`Session ${session.id} has lasted ${maxDurationMs} ms and will be closed`)
      session.close().catch((error: unknown) => {
        // The kit continues to retry the close.
        logger.warn(`Session ${session.id} could not be closed yet: ${String(error)}`)
      })
    }, maxDurationMs)
    timers.set(session, timer.unref())
  }

  return definePlugin<SpendGuard>({
    name: 'spend-guard',
    onOpen(_draft, { now }) {
      if (open >= maxSessions) throw new Error(`all ${maxSessions} sessions are in use`)
      open += 1
      return {
        extension: { openedAt: now(), openSessions: () => open },
        onFailed: () => {
          open -= 1
        },
      }
    },
    onEvent({ type, detail }, session) {
      if (type === 'opened') {
        // Count a resumed session here, because it did not pass through `onOpen`.
        if (detail.openId === undefined) open += 1
        limitDuration(session)
      }
      if (type === 'closed') {
        open -= 1
        clearTimeout(timers.get(session))
        timers.delete(session)
      }
    },
  })
}
