import { pause } from '../../async/pause'
import { Contributions } from '../../plugins/contributions'
import { resolveChannel } from '../session/channel-options'
import { isAlive } from '../session/session-calls'
import type { OpeningContext } from './opening-context'

/**
 * Delay of the second look, in milliseconds: a create whose connection broke may still be in progress at the
 * first look.
 */
const secondLookAfterMs = 5_000
/**
 * Delay of the third look, in milliseconds. The documents do not say whether the list shows sessions that are
 * being prepared.
 */
const thirdLookAfterMs = 30_000
const lastLookAfterReadyMs = 5_000
/** Delay before another look while the UserId is being opened, in milliseconds. */
const postponedMs = 5_000

/**
 * Finds and closes the session that a create without a response may have left open. It reads the account's
 * list at once and after 5 s, then resolves. Further looks follow in the background: after 30 s, when the
 * session would be ready, and after a failed look; until a session is found or the UserId is opened again.
 *
 * @throws IvhError when the list cannot be read, or a session that was found could not be closed.
 */
export async function findLostSession(
  context: OpeningContext,
  userId: string,
  readyTimeoutMs: number,
): Promise<void> {
  const { logger, steady: clock } = context.options
  const { account, cleanup } = context.registry
  const { userIds } = account
  const startedAt = clock.now()
  const laterLooksMs = [thirdLookAfterMs, readyTimeoutMs + lastLookAfterReadyMs]

  const untilNextLook = (lookedAt: number) => {
    const due = laterLooksMs.map((afterMs) => startedAt + afterMs).filter((at) => at > lookedAt)
    return due.length > 0 ? Math.max(0, Math.min(...due) - clock.now()) : undefined
  }
  const lookInBackground = async () => {
    if (userIds.isTaken(userId)) return postponedMs
    const lookedAt = clock.now()
    const ids = await listUnknownSessions(context, userId)
    // Postpone the look: a session that is being opened now is not the lost one.
    if (userIds.isTaken(userId)) return postponedMs
    if (ids.length === 0) return untilNextLook(lookedAt)
    logger.warn(
      `Closing ${ids.join(', ')}: found ${Math.round(lookedAt - startedAt)} ms after a create for the UserId ${userId} got no response`,
    )
    await closeFound(context, userId, ids)
    return undefined
  }

  let ids: readonly string[]
  try {
    ids = await listUnknownSessions(context, userId)
    if (ids.length === 0) {
      await pause(clock, secondLookAfterMs)
      ids = await listUnknownSessions(context, userId)
    }
  } catch (error) {
    cleanup.searchFor(userId, lookInBackground).failed(error)
    throw error
  }
  if (ids.length > 0) return closeFound(context, userId, ids)
  const delayMs = untilNextLook(startedAt + secondLookAfterMs)
  if (delayMs !== undefined) cleanup.searchFor(userId, lookInBackground).runIn(delayMs)
}

/** Closes sessions that have no handle. A failed close is repeated in the background. */
export async function closeFound(
  { registry }: OpeningContext,
  userId: string,
  ids: readonly string[],
): Promise<void> {
  const facts = {
    userId,
    driverType: undefined,
    channel: resolveChannel(),
    contributions: new Contributions([]),
    playback: () => ({}),
  }
  await Promise.all(ids.map((id) => registry.create({ ...facts, id }).close()))
}

/**
 * Lists the sessions with this UserId that no client of the account knows. A create makes the service close
 * every earlier session with its UserId, so these sessions belong to the lost create, unless another process
 * has opened a session since. A started session certainly belongs to another process.
 */
async function listUnknownSessions(
  { call, registry }: OpeningContext,
  userId: string,
): Promise<readonly string[]> {
  const { Sessions } = await call('listSessionOfUin', {}, { mustSucceed: true })
  return Sessions.filter(
    (session) =>
      session.UserId === userId &&
      isAlive(session.SessionStatus) &&
      session.IsSessionStarted !== true &&
      !registry.isKnown(session.SessionId),
  ).map(({ SessionId }) => SessionId)
}
