import type { Caller } from '../../calls/call'
import { IvhApiError } from '../../errors'
import { closeType, sessionStatus } from '../../protocol/plain'

/** Codes that say that the session is closed, or unknown to the service. */
const closedCodes = new Set<number>([110013, 110018, 110022])
/** The code of a session that another session with its UserId has replaced. */
export const replacedCode = 110022

/** True when a session with this status uses concurrency. */
export function isAlive(status: number): boolean {
  return status !== sessionStatus.closed && status !== sessionStatus.failed
}

/**
 * Starts a session that is ready. When a retry is refused, the first attempt may have started the session,
 * so its status decides.
 */
export async function startSession(
  call: Caller,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await call('startSession', { SessionId: sessionId }, { signal })
  } catch (error) {
    if (!(error instanceof IvhApiError) || (error.attempt ?? 1) <= 1) throw error
    const stat = await call('statSession', { SessionId: sessionId }, { signal }).catch(() => {})
    const started = stat?.SessionStatus === sessionStatus.ready && stat.IsSessionStarted === true
    if (!started) throw error
  }
}

/**
 * Closes a session and frees its concurrency. Retries for 2 minutes, because an open session is paid for.
 * Succeeds when the session is already closed or unknown, or when statsession says so after a refusal. It
 * takes no AbortSignal on purpose.
 *
 * @returns The code of the refusal when the service had closed the session before; undefined when this call
 * closed it.
 */
export async function closeSession(call: Caller, sessionId: string): Promise<number | undefined> {
  try {
    await call('closeSession', { SessionId: sessionId }, { mustSucceed: true })
    return undefined
  } catch (error) {
    if (!(error instanceof IvhApiError)) throw error
    if (!closedCodes.has(error.code) && !(await hasEnded(call, sessionId))) throw error
    return error.code
  }
}

/** True when the service closed a session because another one was created with its UserId. */
export async function wasReplaced(call: Caller, sessionId: string): Promise<boolean> {
  try {
    const stat = await call('statSession', { SessionId: sessionId }, { maxRetries: 0 })
    return stat.CloseType === closeType.sameUserId
  } catch (error) {
    return error instanceof IvhApiError && error.code === replacedCode
  }
}

async function hasEnded(call: Caller, sessionId: string): Promise<boolean> {
  try {
    const { SessionStatus } = await call('statSession', { SessionId: sessionId }, { maxRetries: 0 })
    return !isAlive(SessionStatus)
  } catch (error) {
    return error instanceof IvhApiError && closedCodes.has(error.code)
  }
}
