import { IvhSessionError } from '../errors'
import { closeType, describeCode } from '../protocol/plain'

/**
 * Why a session is closed:
 * - `requested`: `close()` was called here
 * - `replaced`: another session was created with the same UserId
 * - `idle`: nothing was sent for too long
 * - `ended`: closed elsewhere, by its owner or by the service
 * - `unknown`: the service does not know it (any more)
 * - `not-ready`: the service takes the session for not ready; its stream is gone
 */
export type CloseReason = 'requested' | 'replaced' | 'idle' | 'ended' | 'unknown' | 'not-ready'

/** The end of a session as the service told it. */
export interface ChannelEnd {
  readonly reason: CloseReason
  readonly error: IvhSessionError
}

const reasonOfCode: Readonly<Record<number, CloseReason>> = {
  110013: 'ended',
  110014: 'not-ready',
  110018: 'unknown',
  110022: 'replaced',
}

const reasonOfType: Readonly<Record<number, CloseReason>> = {
  [closeType.idle]: 'idle',
  [closeType.sameUserId]: 'replaced',
}

/** The end that a code of the service means, or `undefined` when the session goes on. */
export function endOfCode(
  code: number,
  context: {
    readonly sessionId: string
    readonly reqId?: string | undefined
    readonly requestId?: string | undefined
  },
): ChannelEnd | undefined {
  const reason = reasonOfCode[code]
  if (!reason) return undefined
  const { meaning, hint } = describeCode(code)
  return {
    reason,
    error: new IvhSessionError('closed', `The session has ended: ${meaning}`, {
      ...context,
      code,
      hint,
    }),
  }
}

/** The end that statsession tells of a session that is closed. */
export function endOfStat(
  sessionId: string,
  answer: {
    readonly ErrorCode?: number | null | undefined
    readonly ErrorMessage?: string | null | undefined
    readonly CloseType?: number | null | undefined
  },
): ChannelEnd {
  const code = answer.ErrorCode || undefined
  const type = answer.CloseType ?? undefined
  const reason =
    (type === undefined ? undefined : reasonOfType[type]) ??
    (code === undefined ? undefined : reasonOfCode[code]) ??
    'ended'
  const said = answer.ErrorMessage || (code && describeCode(code).meaning) || 'no reason given'
  return {
    reason,
    error: new IvhSessionError('closed', `The session has ended (${reason}): ${said}`, {
      sessionId,
      code,
      closeType: type,
      hint:
        reason === 'replaced'
          ? 'Give every concurrent session its own userId.'
          : 'Open a new session.',
    }),
  }
}

/** What a session that was closed here answers to whoever still drives it. */
export function endRequested(sessionId: string): ChannelEnd {
  return {
    reason: 'requested',
    error: new IvhSessionError('closed', 'The session was closed', {
      sessionId,
      hint: 'Open a new session.',
    }),
  }
}
