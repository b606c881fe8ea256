import type { Caller } from '../client/call'
import { IvhApiError } from '../errors'

/** A session that the service has closed, or never knew, is as closed as it can be. */
const alreadyGone = new Set<number>([110013, 110018, 110022])

/**
 * Closes a session and frees its concurrency. Tried four times, because a session left open is paid
 * for; already closed and unknown count as done. It takes no AbortSignal on purpose.
 */
export async function closeSession(call: Caller, sessionId: string): Promise<void> {
  try {
    await call('closeSession', { SessionId: sessionId }, { maxRetries: 3, stubborn: true })
  } catch (error) {
    if (!(error instanceof IvhApiError && alreadyGone.has(error.code))) throw error
  }
}
