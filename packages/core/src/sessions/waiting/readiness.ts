import { type IvhErrorContext, IvhSessionError } from '../../errors'
import type { StatSessionResponse } from '../../protocol'
import { closeType, describeCode, sessionStatus } from '../../protocol/plain'

export interface Readiness {
  readonly ready: boolean
  readonly started: boolean
  /** The play address; undefined when the service gives none. */
  readonly address: string | undefined
}

/**
 * Reads the readiness of a session. An unknown status counts as "preparing".
 *
 * @param facts The facts of the response, for the error.
 * @throws IvhSessionError when creation failed or the session is closed.
 */
export function readinessOf(
  sessionId: string,
  response: StatSessionResponse,
  facts: IvhErrorContext,
): Readiness {
  const { SessionStatus, PlayStreamAddr, IsSessionStarted } = response
  const context = { ...facts, sessionId }
  if (SessionStatus === sessionStatus.failed) throw creationFailed(context, response)
  if (SessionStatus === sessionStatus.closed) throw closedMeanwhile(context, response)
  return {
    ready: SessionStatus === sessionStatus.ready,
    started: IsSessionStarted ?? false,
    address: PlayStreamAddr ?? undefined,
  }
}

function creationFailed(context: IvhErrorContext, response: StatSessionResponse): IvhSessionError {
  const code = response.ErrorCode ?? undefined
  const info = code === undefined ? undefined : describeCode(code)
  const why = [code, info?.meaning, response.ErrorMessage].filter(Boolean).join(', ')
  const message = `IVH could not create the stream: ${why || 'no reason given'}`
  const hint = info?.hint ?? 'Create a new session.'
  return new IvhSessionError('creation-failed', message, { ...context, code, hint })
}

const closeReasons: Readonly<Record<number, string>> = {
  [closeType.owner]: 'closed by its owner',
  [closeType.idle]: 'closed because it was idle',
  [closeType.downstreamExited]: 'closed because a part of the service ended',
  [closeType.serviceRestarted]: 'closed because the service restarted',
  [closeType.sameUserId]: 'closed because another session was created with the same UserId',
}

function closedMeanwhile(context: IvhErrorContext, response: StatSessionResponse): IvhSessionError {
  const type = response.CloseType ?? undefined
  const why =
    (type !== undefined && closeReasons[type]) || response.ErrorMessage || 'closed, no reason given'
  const hint =
    type === closeType.sameUserId
      ? 'Give every concurrent session its own userId.'
      : 'Create a new session.'
  const code = response.ErrorCode ?? undefined
  const details = { ...context, code, closeType: type, hint }
  return new IvhSessionError('closed', `The session was ${why} before it was ready`, details)
}
