import type { Caller } from '../../calls/call'
import { IvhApiError } from '../../errors'
import { sessionStatus } from '../../protocol/plain'

/**
 * Starts a session that is ready. When a retry is refused, the first attempt may have started the session,
 * so its status decides.
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
    const response = await call('statSession', { SessionId: sessionId }, { signal })
    return response.SessionStatus === sessionStatus.ready && response.IsSessionStarted === true
  } catch {
    return false
  }
}
