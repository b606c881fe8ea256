import type { Caller } from '../calls/call'
import { IvhApiError } from '../errors'
import { sessionStatus } from '../protocol/plain'

/**
 * Starts a session that is ready. When the answer was lost and the repeat is refused, the first may have
 * done it: then the session itself is asked.
 *
 * @throws like every call.
 */
export async function startSession(
  call: Caller,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await call('startSession', { SessionId: sessionId }, { signal })
  } catch (error) {
    const mayBeStarted = error instanceof IvhApiError && (error.attempt ?? 1) > 1
    if (!mayBeStarted || !(await isStarted(call, sessionId, signal))) throw error
  }
}

async function isStarted(call: Caller, sessionId: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await call('statSession', { SessionId: sessionId }, { signal })
    return answer.SessionStatus === sessionStatus.ready && answer.IsSessionStarted === true
  } catch {
    return false
  }
}
