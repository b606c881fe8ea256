import { longestDelayMs } from '@ivh-kit/kernel'
import { withDeadline } from '../../async/with-deadline'
import type { CreateDraft } from '../../contracts/plugin'
import { type AnyIvhError, IvhTimeoutError, isIvhError } from '../../errors'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import { mayHaveTakenEffect } from '../../errors/failure-effect'
import type { CreateResponse } from '../../protocol'
import { memberOf } from '../../transport/response-facts'
import type { SessionRegistry } from '../registry/session-registry'
import type { OpeningContext } from './opening-context'

/** A create request with the facts that cleanup needs. */
export interface CreateOrder {
  readonly draft: CreateDraft
  /** Fields that this version does not know. They are sent without a check. */
  readonly unchecked: Readonly<Record<string, unknown>>
  readonly readyTimeoutMs: number
}

/**
 * Creates a session. In a private deployment the caller may reuse the SessionId of an earlier session, whose
 * close would hit the new session. The create waits for that close, and a failed close is repeated only when
 * the create fails.
 */
export async function createSession(
  context: OpeningContext,
  order: CreateOrder,
): Promise<CreateResponse> {
  const chosenId = order.draft.SessionId
  if (chosenId === undefined) return send(context, order)
  const resumeCloses = await context.registry.reclaim(chosenId, context.signal)
  try {
    throwIfAbandoned(context.signal)
    return await send(context, order)
  } catch (error) {
    resumeCloses()
    throw error
  }
}

/**
 * Sends the create call without the caller's signal and with more time than the caller waits: an aborted
 * call would leave an unknown session open. The session of an abandoned or late create is closed.
 */
async function send(context: OpeningContext, order: CreateOrder): Promise<CreateResponse> {
  const { call, registry, signal } = context
  const { clock, createId, timeoutMs } = context.options
  const { draft, unchecked } = order
  const ReqId = createId()
  const sentAt = context.options.steady.now()
  const callTimeoutMs = Math.min(2 * timeoutMs, longestDelayMs)
  // Stop the retries of an abandoned create.
  const abandoned = new AbortController()
  let lastFailure: AnyIvhError | undefined
  let retryAt = 0
  const callOptions = {
    timeoutMs: callTimeoutMs,
    deadlineMs: callTimeoutMs,
    stopRetries: abandoned.signal,
    unchecked,
    onRetry: (failure: AnyIvhError, delayMs: number) => {
      lastFailure = failure
      retryAt = clock.now() + delayMs
    },
  }
  const creating =
    draft.VirtualmanProjectId === undefined
      ? call('createSessionByAsset', { ...draft, ReqId }, callOptions)
      : call('createSession', { ...draft, ReqId }, callOptions)
  const endingReplaced = creating.then(({ SessionId }) =>
    registry.endReplaced(draft.UserId, SessionId),
  )
  endingReplaced.catch(() => {})
  let failure: unknown
  try {
    const outcome = await withDeadline(() => creating, { clock, timeoutMs, signal })
    if (outcome.interrupted === undefined) return outcome.value
    failure =
      outcome.interrupted === 'aborted'
        ? abandonedError(signal)
        : timedOut(timeoutMs, ReqId, lastFailure, clock.now() < retryAt)
  } catch (error) {
    failure = error
  }
  abandoned.abort()
  const closed = registry.cleanup.track(
    draft.UserId,
    closeCreated(registry, creating, order, sentAt),
  )
  // Close a session with a known id before the open rejects. Do not wait for a late response or for the list.
  if (!(failure instanceof IvhTimeoutError) && sessionIdLeftBy(failure, draft) !== undefined) {
    await registry.cleanup.settled(closed, signal)
  }
  throw registry.cleanup.describe(draft.UserId, signal.aborted ? abandonedError(signal) : failure)
}

async function closeCreated(
  registry: SessionRegistry,
  creating: Promise<CreateResponse>,
  { draft, readyTimeoutMs }: CreateOrder,
  sentAt: number,
): Promise<void> {
  const userId = draft.UserId
  let knownId: string | undefined
  try {
    knownId = (await creating).SessionId
  } catch (error) {
    if (isIvhError(error) && !mayHaveTakenEffect(error)) return
    knownId = sessionIdLeftBy(error, draft)
  }
  if (knownId !== undefined) await registry.closeFound(userId, [knownId], sentAt)
  else await registry.findLost(userId, readyTimeoutMs)
}

/** Returns the SessionId that a failed create may have left open; undefined when the SessionId is unknown. */
function sessionIdLeftBy(error: unknown, draft: CreateDraft): string | undefined {
  if (!isIvhError(error) || !mayHaveTakenEffect(error)) return undefined
  if (error.kind === 'response-shape') return sessionIdIn(error.body)
  // Return the id that the caller chose in a private deployment: the request may have arrived.
  return error.kind === 'transport' || error.kind === 'timeout' ? draft.SessionId : undefined
}

function sessionIdIn(body: unknown): string | undefined {
  const id = memberOf(memberOf(body, 'Payload'), 'SessionId')
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** @param nothingSent True while a failed create that certainly had no effect waits for a retry. */
function timedOut(
  timeoutMs: number,
  reqId: string,
  cause: AnyIvhError | undefined,
  nothingSent: boolean,
): IvhTimeoutError {
  const { path, attempt } = cause ?? {}
  return new IvhTimeoutError(`The create call did not succeed within ${timeoutMs} ms`, timeoutMs, {
    ...{ reqId, path, attempt, cause },
    hint: nothingSent
      ? 'Nothing was created. The cause is the last failure.'
      : 'Check the network and try again. A session that was still created is found and closed.',
  })
}
