import type { Caller } from '../client/call'
import type { Clock } from '../clock'
import { type IvhError, IvhSessionError, IvhTimeoutError } from '../errors'
import { mayPass } from '../errors/may-pass'
import { closeType, describeCode, sessionStatus } from '../protocol/plain'
import { abandonedError } from './abandonment'
import { pause } from './pause'

export interface WaitOptions {
  readonly sessionId: string
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  /** The longest that one statsession call may take. */
  readonly callTimeoutMs: number
  readonly signal: AbortSignal
  readonly onPoll: () => void
}

/** The look that is due just when the time is over still gets this long for its answer. */
const lastLookMs = 1_000

/**
 * Polls `statsession` until the session is ready; resolves with the last play address seen. Failures
 * that may pass (no network, an internal error) are ridden out until the time is over.
 *
 * @throws IvhTimeoutError, IvhSessionError (creation failed, or closed meanwhile), IvhAbortError, and
 * IvhApiError for a code that will not pass.
 */
export async function waitUntilReady(
  call: Caller,
  clock: Clock,
  options: WaitOptions,
): Promise<string | undefined> {
  const { sessionId, signal } = options
  const deadline = clock.now() + options.timeoutMs
  let lastFailure: IvhError | undefined
  // Most sessions that are quick are quick at once; the first look need not wait a whole interval.
  let delay = options.pollIntervalMs / 4

  for (;;) {
    const left = deadline - clock.now()
    if (left <= 0) throw timedOut(options, lastFailure)
    if (!(await pause(clock, Math.min(delay, left), signal))) {
      throw abandonedError(signal, sessionId)
    }
    delay = options.pollIntervalMs
    options.onPoll()
    try {
      const answer = await call(
        'statSession',
        { SessionId: sessionId },
        {
          signal,
          // The next look is the retry.
          maxRetries: 0,
          timeoutMs: Math.min(options.callTimeoutMs, Math.max(lastLookMs, deadline - clock.now())),
        },
      )
      if (answer.SessionStatus === sessionStatus.ready) return answer.PlayStreamAddr ?? undefined
      if (answer.SessionStatus === sessionStatus.failed) throw creationFailed(sessionId, answer)
      if (answer.SessionStatus === sessionStatus.closed) throw closedMeanwhile(sessionId, answer)
      // 3 is "preparing"; a status this version does not know is waited on as well.
      lastFailure = undefined
    } catch (error) {
      if (!mayPass(error)) throw error
      lastFailure = error
    }
  }
}

function timedOut(options: WaitOptions, cause: IvhError | undefined): IvhTimeoutError {
  return new IvhTimeoutError(
    `The session was not ready after ${options.timeoutMs} ms`,
    options.timeoutMs,
    {
      sessionId: options.sessionId,
      next: 'It has been closed. Preparing normally takes under 2 minutes; try again, or raise readyTimeoutMs.',
      cause,
    },
  )
}

interface FailureFields {
  readonly ErrorCode?: number | null | undefined
  readonly ErrorMessage?: string | null | undefined
  readonly CloseType?: number | null | undefined
}

function creationFailed(sessionId: string, answer: FailureFields): IvhSessionError {
  const code = answer.ErrorCode ?? undefined
  const info = code === undefined ? undefined : describeCode(code)
  const why = [code, info?.meaning, answer.ErrorMessage].filter(Boolean).join(', ')
  return new IvhSessionError(
    'creation-failed',
    `IVH could not create the stream: ${why || 'no reason given'}`,
    {
      sessionId,
      code,
      next: info?.next ?? 'Create a new session.',
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

function closedMeanwhile(sessionId: string, answer: FailureFields): IvhSessionError {
  const type = answer.CloseType ?? undefined
  const why =
    (type !== undefined && closeReasons[type]) || answer.ErrorMessage || 'closed, no reason given'
  return new IvhSessionError('closed', `The session was ${why} before it was ready`, {
    sessionId,
    code: answer.ErrorCode ?? undefined,
    closeType: type,
    next:
      type === closeType.sameUserId
        ? 'Give every concurrent session its own userId.'
        : 'Create a new session.',
  })
}
