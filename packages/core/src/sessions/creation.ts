import { longestDelayMs } from '@ivh-kit/kernel'
import { withDeadline } from '../async/with-deadline'
import { type AnyIvhError, IvhTimeoutError, isIvhError } from '../errors'
import { mayHaveTakenEffect } from '../errors/may-have-taken-effect'
import type { CreateDraft } from '../plugins/plugin'
import type { CreateResponse } from '../protocol'
import { abandonedError, throwIfAbandoned } from './abandonment'
import type { OpeningContext } from './opening-context'
import { closeUnheld, reconcileCreate } from './reconcile-create'

/** What is created. */
export interface CreateOrder {
  readonly draft: CreateDraft
  /** Fields that this version does not know, sent as they are. */
  readonly unchecked: Readonly<Record<string, unknown>>
  /** How long the session may take to become ready. */
  readonly readyTimeoutMs: number
}

/** A failure after which the create waits to be sent again: it certainly had no effect. */
interface Refusal {
  readonly failure: AnyIvhError
  readonly waitsUntil: number
}

/**
 * Creates a session. The id that a private deployment lets the caller choose may be that of an earlier one:
 * its close would hit the new one, so it is waited for, and not tried again unless the create fails.
 */
export async function create(
  context: OpeningContext,
  order: CreateOrder,
  signal: AbortSignal,
): Promise<CreateResponse> {
  const chosen = order.draft.SessionId
  if (chosen === undefined) return send(context, order, signal)
  const giveBack = await context.reclaim(chosen, signal)
  try {
    throwIfAbandoned(signal)
    return await send(context, order, signal)
  } catch (error) {
    giveBack()
    throw error
  }
}

/**
 * The create call does not get the caller's signal, and more time than the caller waits: cut short,
 * it would leave a session nobody knows of. What an abandoned or late create brings is closed.
 */
async function send(
  context: OpeningContext,
  order: CreateOrder,
  signal: AbortSignal,
): Promise<CreateResponse> {
  const { call, discards } = context
  const { clock, createId, timeoutMs } = context.options
  const { draft, unchecked } = order
  const ReqId = createId()
  const patienceMs = Math.min(2 * timeoutMs, longestDelayMs)
  // A create that nobody waits for any more is not sent a second time.
  const waiting = new AbortController()
  let refusal: Refusal | undefined
  const onRetry = (error: AnyIvhError, delayMs: number) => {
    refusal = { failure: error, waitsUntil: clock.now() + delayMs }
  }
  const limits = { timeoutMs: patienceMs, deadlineMs: patienceMs, stopRetries: waiting.signal }
  const means = { ...limits, onRetry, unchecked }
  const creating =
    draft.VirtualmanProjectId === undefined
      ? call('createSessionByAsset', { ...draft, ReqId }, means)
      : call('createSession', { ...draft, ReqId }, means)
  const evicting = creating.then(({ SessionId }) => context.replaced(draft.UserId, SessionId))
  evicting.catch(() => {})
  let failure: unknown
  try {
    const answer = await withDeadline(() => creating, { clock, timeoutMs, signal })
    if (answer.interrupted === undefined) return answer.value
    failure =
      answer.interrupted === 'aborted'
        ? abandonedError(signal)
        : unanswered(timeoutMs, ReqId, refusal, clock.now())
  } catch (error) {
    failure = error
  }
  waiting.abort()
  const closed = discards.remember(draft.UserId, discardCreated(context, creating, order))
  // A late answer is not waited for, nor is the list; a session whose id is known is.
  if (!(failure instanceof IvhTimeoutError) && sessionLeftBy(failure, draft) !== undefined) {
    await discards.settled(closed, signal)
  }
  throw signal.aborted ? abandonedError(signal) : failure
}

async function discardCreated(
  context: OpeningContext,
  creating: Promise<CreateResponse>,
  { draft, readyTimeoutMs }: CreateOrder,
): Promise<void> {
  const userId = draft.UserId
  let known: string | undefined
  try {
    known = (await creating).SessionId
  } catch (error) {
    if (isIvhError(error) && !mayHaveTakenEffect(error)) return
    known = sessionLeftBy(error, draft)
  }
  if (known !== undefined) await closeUnheld(context, userId, [known])
  else await reconcileCreate(context, { userId, readyTimeoutMs })
}

/** The id of a session that a failed create may have left behind, when anything tells it. */
function sessionLeftBy(error: unknown, draft: CreateDraft): string | undefined {
  if (!isIvhError(error) || !mayHaveTakenEffect(error)) return undefined
  if (error.kind === 'response-shape') return sessionIdIn(error.body)
  // In a private deployment the caller may have chosen the id. The request may have arrived.
  return error.kind === 'transport' || error.kind === 'timeout' ? draft.SessionId : undefined
}

function sessionIdIn(body: unknown): string | undefined {
  const payload = memberOf(body, 'Payload')
  const id = memberOf(payload, 'SessionId')
  return typeof id === 'string' && id !== '' ? id : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function unanswered(
  timeoutMs: number,
  reqId: string,
  refusal: Refusal | undefined,
  now: number,
): IvhTimeoutError {
  const nothingIsUnderWay = refusal !== undefined && now < refusal.waitsUntil
  return new IvhTimeoutError(`The create call did not succeed within ${timeoutMs} ms`, timeoutMs, {
    reqId,
    path: refusal?.failure.path,
    attempt: refusal?.failure.attempt,
    cause: refusal?.failure,
    hint: nothingIsUnderWay
      ? 'Nothing was created; the cause tells what stood in the way.'
      : 'Check the network; a session that it still brings is looked for and closed. Then try again.',
  })
}
