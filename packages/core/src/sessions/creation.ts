import { withDeadline } from '../client/deadline'
import { longestDelayMs } from '../duration'
import { IvhTimeoutError, isIvhError } from '../errors'
import { mayHaveTakenEffect } from '../errors/may-have-taken-effect'
import { Contributions } from '../plugins/contributions'
import type { CreateDraft } from '../plugins/plugin'
import type { CreateResponse } from '../protocol'
import { abandonedError } from './abandonment'
import { resolveChannel } from './channel-options'
import type { OpeningContext } from './opening-context'
import { findLeftBehind } from './reconcile-create'

/**
 * The create call does not get the caller's signal, and more time than the caller waits: cut short,
 * it would leave a session nobody knows of. What an abandoned or late create brings is closed.
 */
export async function create(
  context: OpeningContext,
  draft: CreateDraft,
  signal: AbortSignal,
): Promise<CreateResponse> {
  const { call, discards } = context
  const { clock, createId, timeoutMs } = context.options
  const ReqId = createId()
  const patienceMs = Math.min(2 * timeoutMs, longestDelayMs)
  // A create that nobody waits for any more is not sent a second time.
  const waiting = new AbortController()
  const patience = { timeoutMs: patienceMs, deadlineMs: patienceMs, giveUp: waiting.signal }
  const creating =
    draft.VirtualmanProjectId === undefined
      ? call('createSessionByAsset', { ...draft, ReqId }, patience)
      : call('createSession', { ...draft, ReqId }, patience)
  let failure: unknown
  try {
    const answer = await withDeadline(() => creating, { clock, timeoutMs, signal })
    if (answer.interrupted === undefined) return answer.value
    failure =
      answer.interrupted === 'aborted' ? abandonedError(signal) : unanswered(timeoutMs, ReqId)
  } catch (error) {
    failure = error
  }
  waiting.abort()
  const closed = discards.remember(draft.UserId, discardCreated(context, creating, draft))
  // A late answer is not waited for, nor is the list; a session whose id is known is.
  if (!(failure instanceof IvhTimeoutError) && sessionLeftBy(failure, draft) !== undefined) {
    await discards.settled(closed, signal)
  }
  throw signal.aborted ? abandonedError(signal) : failure
}

async function discardCreated(
  context: OpeningContext,
  creating: Promise<CreateResponse>,
  draft: CreateDraft,
): Promise<void> {
  const ids = await creating.then(
    (created) => [created.SessionId],
    (error: unknown) => leftBehind(context, error, draft),
  )
  const forgotten = {
    userId: draft.UserId,
    driverType: undefined,
    contributions: new Contributions([]),
    playback: () => ({}),
  }
  const channel = resolveChannel()
  await Promise.all(
    ids.map((id) => context.discards.close(context.make({ ...forgotten, id, channel }))),
  )
}

/** The sessions that a failed create may have brought into being. */
async function leftBehind(
  { call, options, isHeld }: OpeningContext,
  error: unknown,
  draft: CreateDraft,
): Promise<readonly string[]> {
  const id = sessionLeftBy(error, draft)
  if (id !== undefined) return [id]
  if (!isIvhError(error) || !mayHaveTakenEffect(error)) return []
  try {
    return await findLeftBehind(call, options.clock, draft.UserId, isHeld)
  } catch (failure) {
    options.logger.error(
      `A create for the UserId ${draft.UserId} was not answered, and whether it left a session open could not be found out: ${String(failure)}`,
    )
    throw failure
  }
}

/** The id of a session that a failed create may have left behind, when anything tells it. */
function sessionLeftBy(error: unknown, draft: CreateDraft): string | undefined {
  if (!isIvhError(error)) return undefined
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

function unanswered(timeoutMs: number, reqId: string): IvhTimeoutError {
  return new IvhTimeoutError(`The create call was not answered within ${timeoutMs} ms`, timeoutMs, {
    reqId,
    next: 'Check the network; a session that it still brings is looked for and closed. Then try again.',
  })
}
