import { withDeadline } from '../../async/with-deadline'
import type { Caller } from '../../calls/call'
import { type ActiveSession, IvhApiError } from '../../errors'
import type { ResolvedOptions } from '../../options/resolve-options'
import { isAlive } from '../session/session-calls'
import { isExhausted } from './quota-queue'

const listTimeoutMs = 2_000
/** Time for which refused opens share one list call, in milliseconds. */
const sharedForMs = 1_000

/** Adds the account's active sessions to an error for exhausted concurrency, and returns other errors unchanged. */
export type ExplainExhausted = (error: unknown, signal: AbortSignal) => Promise<unknown>

export function createExplainExhausted(
  { steady: clock, timeoutMs }: ResolvedOptions,
  call: Caller,
  isKnown: (sessionId: string) => boolean,
): ExplainExhausted {
  let latest: { readonly at: number; readonly list: Promise<readonly ActiveSession[]> } | undefined

  const list = async () => {
    const limits = { maxRetries: 0, timeoutMs: Math.min(listTimeoutMs, timeoutMs) }
    const { Sessions } = await call('listSessionOfUin', {}, limits)
    return Sessions.filter(({ SessionStatus }) => isAlive(SessionStatus)).map((row) => ({
      sessionId: row.SessionId,
      userId: row.UserId,
      status: row.SessionStatus,
      openedHere: isKnown(row.SessionId),
    }))
  }
  const read = () => {
    const now = clock.now()
    if (!latest || now - latest.at >= sharedForMs) latest = { at: now, list: list() }
    return latest.list
  }
  return async (error, signal) => {
    if (!isExhausted(error)) return error
    try {
      const active = await withDeadline(read, { clock, signal, timeoutMs: listTimeoutMs })
      return active.interrupted === undefined ? withActiveSessions(error, active.value) : error
    } catch {
      return error
    }
  }
}

function withActiveSessions(
  error: IvhApiError,
  activeSessions: readonly ActiveSession[],
): IvhApiError {
  const { code, serverMessage, requestId, reqId, path, attempt, cause } = error
  const { status, payload, retryAfterMs } = error
  const here = activeSessions.filter(({ openedHere }) => openedHere).length
  return new IvhApiError(code, serverMessage, {
    ...{ requestId, reqId, path, attempt, cause, status, payload, retryAfterMs, activeSessions },
    hint: `${activeSessions.length} of the account's sessions are in progress, ${here} of them opened by this client (see activeSessions). Close one, wait with waitForQuota, or buy more concurrency.`,
  })
}
