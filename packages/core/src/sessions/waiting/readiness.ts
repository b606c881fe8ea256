import { type IvhErrorContext, IvhSessionError } from '../../errors'
import type { StatSessionResponse } from '../../protocol'
import { closeType, describeCode, sessionStatus } from '../../protocol/plain'

/** What statsession said of a session that is not yet known to be ready. */
export type Readiness = { readonly ready: false } | ReadyState

export interface ReadyState {
  readonly ready: true
  /** Where it plays, when the service says so. */
  readonly address: string | undefined
  readonly started: boolean
}

/**
 * 3 is "preparing"; a status that this version does not know is waited on as well.
 *
 * @param told Where the answer came from, for the error.
 * @throws IvhSessionError when creation failed, or the session is closed.
 */
export function readinessOf(
  sessionId: string,
  answer: StatSessionResponse,
  told: IvhErrorContext = {},
): Readiness {
  switch (answer.SessionStatus) {
    case sessionStatus.ready:
      return {
        ready: true,
        address: answer.PlayStreamAddr ?? undefined,
        started: answer.IsSessionStarted ?? false,
      }
    case sessionStatus.failed:
      throw creationFailed({ ...told, sessionId }, answer)
    case sessionStatus.closed:
      throw closedMeanwhile({ ...told, sessionId }, answer)
    default:
      return { ready: false }
  }
}

function creationFailed(context: IvhErrorContext, answer: StatSessionResponse): IvhSessionError {
  const code = answer.ErrorCode ?? undefined
  const info = code === undefined ? undefined : describeCode(code)
  const why = [code, info?.meaning, answer.ErrorMessage].filter(Boolean).join(', ')
  return new IvhSessionError(
    'creation-failed',
    `IVH could not create the stream: ${why || 'no reason given'}`,
    {
      ...context,
      code,
      hint: info?.hint ?? 'Create a new session.',
    },
  )
}

const closeReasons: Readonly<Record<number, string>> = {
  [closeType.owner]: 'closed by its owner',
  [closeType.idle]: 'closed because it was idle',
  [closeType.downstreamExited]: 'closed because a part of the service ended',
  [closeType.serviceRestarted]: 'closed because the service restarted',
  [closeType.sameUserId]: 'closed because another session was created with the same UserId',
}

function closedMeanwhile(context: IvhErrorContext, answer: StatSessionResponse): IvhSessionError {
  const type = answer.CloseType ?? undefined
  const why =
    (type !== undefined && closeReasons[type]) || answer.ErrorMessage || 'closed, no reason given'
  return new IvhSessionError('closed', `The session was ${why} before it was ready`, {
    ...context,
    code: answer.ErrorCode ?? undefined,
    closeType: type,
    hint:
      type === closeType.sameUserId
        ? 'Give every concurrent session its own userId.'
        : 'Create a new session.',
  })
}
