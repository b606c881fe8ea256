import type { Caller } from '../client/call'
import type { Clock } from '../clock'
import { IvhApiError, IvhResponseShapeError } from '../errors'
import { mayPass } from '../errors/may-pass'
import { pause } from './pause'

const attempts = 4
const firstDelayMs = 250

/** A session that the service has closed, or never knew, is as closed as it can be. */
const alreadyGone = new Set<number>([110013, 110018, 110022])

/**
 * Closes a session and frees its concurrency. Tried four times, because a session left open is paid
 * for; already closed and unknown count as done. It takes no AbortSignal on purpose.
 */
export async function closeSession(call: Caller, clock: Clock, sessionId: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await call('closeSession', { SessionId: sessionId }, { attempt })
      return
    } catch (error) {
      if (error instanceof IvhApiError && alreadyGone.has(error.code)) return
      if (attempt === attempts || !worthAnotherTry(error)) throw error
      await pause(clock, firstDelayMs * 2 ** (attempt - 1))
    }
  }
}

/**
 * More than {@link mayPass}: no document says that a session can be closed in every state, and an
 * unreadable answer does not tell that it was.
 */
function worthAnotherTry(error: unknown): boolean {
  if (mayPass(error) || error instanceof IvhResponseShapeError) return true
  return error instanceof IvhApiError && error.retry === 'after-event'
}
