import type { Caller } from '../calls/call'
import { IvhApiError } from '../errors'
import { isAlive } from './is-alive'

/** A session that the service has closed, or never knew, is as closed as it can be. */
const alreadyGone = new Set<number>([110013, 110018, 110022])

/**
 * Closes a session and frees its concurrency. Tried for 2 minutes, because a session left open is paid
 * for; already closed and unknown count as done, and so does what statsession says has ended when the
 * close is refused. It takes no AbortSignal on purpose.
 */
export async function closeSession(call: Caller, sessionId: string): Promise<void> {
  try {
    await call('closeSession', { SessionId: sessionId }, { mustSucceed: true })
  } catch (error) {
    if (!(error instanceof IvhApiError)) throw error
    if (!alreadyGone.has(error.code) && !(await hasEnded(call, sessionId))) throw error
  }
}

async function hasEnded(call: Caller, sessionId: string): Promise<boolean> {
  try {
    const { SessionStatus } = await call('statSession', { SessionId: sessionId }, { maxRetries: 0 })
    return !isAlive(SessionStatus)
  } catch (error) {
    return error instanceof IvhApiError && alreadyGone.has(error.code)
  }
}
