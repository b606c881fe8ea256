import type { CloseReason } from '../contracts/session-events'
import { IvhSessionError } from '../errors'
import { closeType, describeCode } from '../protocol/plain'

/** The end of a session, as the service reports it. */
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

interface EndContext {
  readonly sessionId: string
  readonly reqId?: string | undefined
  readonly requestId?: string | undefined
}

/** Returns the end of the session that an error code reports; undefined when the session continues. */
export function endOfCode(code: number, context: EndContext): ChannelEnd | undefined {
  const reason = reasonOfCode[code]
  if (!reason) return undefined
  const { meaning, hint } = describeCode(code)
  const message = `The session has ended: ${meaning}`
  return { reason, error: new IvhSessionError('closed', message, { ...context, code, hint }) }
}

/** Returns the end of a closed session, as statsession reports it. */
export function endOfStat(
  sessionId: string,
  stat: {
    readonly ErrorCode?: number | null | undefined
    readonly ErrorMessage?: string | null | undefined
    readonly CloseType?: number | null | undefined
  },
): ChannelEnd {
  const code = stat.ErrorCode || undefined
  const type = stat.CloseType ?? undefined
  const reason = reasonOfType[type ?? -1] ?? reasonOfCode[code ?? -1] ?? 'ended'
  const why = stat.ErrorMessage || (code && describeCode(code).meaning) || 'no reason given'
  return {
    reason,
    error: new IvhSessionError('closed', `The session has ended (${reason}): ${why}`, {
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

/** Returns the end of a session that was closed in this process. */
export function endRequested(sessionId: string): ChannelEnd {
  const context = { sessionId, hint: 'Open a new session.' }
  return {
    reason: 'requested',
    error: new IvhSessionError('closed', 'The session was closed', context),
  }
}
