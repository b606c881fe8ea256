import { definePlugin, type IvhPlugin, type IvhSession, type Logger } from '@ivh-kit/core'

export interface SpendGuardOptions {
  /** How many sessions may be open, or be opening, at a time. */
  readonly maxSessions: number
  /** How long each of them may last, in milliseconds. */
  readonly maxDurationMs: number
  readonly logger: Pick<Logger, 'warn'>
}

/** What the guard knows of one session: `session.extension(guard)`. */
export interface SpendGuard {
  readonly openedAt: number
  /** Of all sessions, this one included. */
  readonly openSessions: () => number
}

/**
 * Every open session is paid for, so this refuses one too many before anything is sent, and closes those
 * that last too long. An example of a plugin that is written outside the kit.
 */
export function spendGuard(options: SpendGuardOptions): IvhPlugin<SpendGuard> {
  const { logger, maxDurationMs, maxSessions } = options
  const timers = new Map<IvhSession, NodeJS.Timeout>()
  let taken = 0

  const limit = (session: IvhSession) => {
    const timer = setTimeout(() => {
      logger.warn(`Session ${session.id} has lasted ${maxDurationMs} ms and is closed`)
      session.close().catch((error: unknown) => {
        // The kit goes on trying.
        logger.warn(`Session ${session.id} could not be closed yet: ${String(error)}`)
      })
    }, maxDurationMs)
    timers.set(session, timer.unref())
  }

  return definePlugin<SpendGuard>({
    name: 'spend-guard',
    onOpen(_draft, { now }) {
      if (taken >= maxSessions) throw new Error(`all ${maxSessions} sessions are in use`)
      taken += 1
      return {
        extension: { openedAt: now(), openSessions: () => taken },
        onFailed: () => {
          taken -= 1
        },
      }
    },
    onEvent({ type, detail }, session) {
      if (type === 'opened') {
        // One that was resumed has not been through onOpen.
        if (detail.openId === undefined) taken += 1
        limit(session)
      }
      if (type === 'closed') {
        taken -= 1
        clearTimeout(timers.get(session))
        timers.delete(session)
      }
    },
  })
}
