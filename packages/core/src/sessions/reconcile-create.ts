import { pause } from '../async/pause'
import { Contributions } from '../plugins/contributions'
import { resolveChannel } from './channel-options'
import { isAlive } from './is-alive'
import type { OpeningContext } from './opening-context'

/** A create whose connection broke may still be at work when the list is read for the first time. */
const secondLookAfterMs = 5_000
/** No document says whether the list holds sessions that are being prepared, so it is read later too. */
const thirdLookAfterMs = 30_000
const lastLookAfterReadyMs = 5_000
/** How long a look waits when its UserId is being opened. */
const postponedMs = 5_000

/** A create of which nobody knows whether it took effect. */
export interface LostCreate {
  readonly userId: string
  /** How long the session may take to become ready. */
  readonly readyTimeoutMs: number
}

/**
 * Closes what a create without an answer has left behind: looks at the account's list at once and 5 s
 * later, and resolves. It goes on looking behind, after 30 s and when the session would be ready, and for
 * as long as the list cannot be read; until something is found or another session with this UserId is created.
 *
 * @throws IvhError when the list cannot be read, or what was found could not be closed.
 */
export async function reconcileCreate(context: OpeningContext, lost: LostCreate): Promise<void> {
  const { discards, options, userIds } = context
  const { logger, steady: clock } = options
  const { userId, readyTimeoutMs } = lost
  const startedAt = clock.now()
  const laterLooksMs = [thirdLookAfterMs, readyTimeoutMs + lastLookAfterReadyMs]

  const nextLook = (lookedAt: number) => {
    const due = laterLooksMs.map((afterMs) => startedAt + afterMs).filter((at) => at > lookedAt)
    return due.length > 0 ? Math.max(0, Math.min(...due) - clock.now()) : undefined
  }
  const lookBehind = async () => {
    if (userIds.isTaken(userId)) return postponedMs
    const lookedAt = clock.now()
    const ids = await findLeftBehind(context, userId)
    // What is being opened by now is nobody's remains.
    if (userIds.isTaken(userId)) return postponedMs
    if (ids.length === 0) return nextLook(lookedAt)
    logger.warn(
      `${ids.join(', ')} was found ${Math.round(lookedAt - startedAt)} ms after a create for the UserId ${userId} had got no answer, and is closed`,
    )
    await closeUnheld(context, userId, ids)
    return undefined
  }

  let ids: readonly string[]
  try {
    ids = await findLeftBehind(context, userId)
    if (ids.length === 0) {
      await pause(clock, secondLookAfterMs)
      ids = await findLeftBehind(context, userId)
    }
  } catch (error) {
    discards.lookLater(userId, lookBehind, { error })
    throw error
  }
  if (ids.length > 0) return closeUnheld(context, userId, ids)
  const delayMs = nextLook(startedAt + secondLookAfterMs)
  if (delayMs !== undefined) discards.lookLater(userId, lookBehind, { delayMs })
}

/** Closes sessions that nobody has got hold of. */
export async function closeUnheld(
  { make }: OpeningContext,
  userId: string,
  ids: readonly string[],
): Promise<void> {
  const rest = {
    userId,
    driverType: undefined,
    channel: resolveChannel(),
    contributions: new Contributions([]),
    playback: () => ({}),
  }
  await Promise.all(ids.map((id) => make({ ...rest, id }).close()))
}

/**
 * The sessions in progress with this UserId that are not held here. A create closes every earlier session
 * with its UserId, so they are its own, unless another process has opened one since; what is started
 * certainly belongs to somebody.
 */
async function findLeftBehind(
  { call, isHeld }: OpeningContext,
  userId: string,
): Promise<readonly string[]> {
  const { Sessions } = await call('listSessionOfUin', {}, { mustSucceed: true })
  return Sessions.filter(
    (session) =>
      session.UserId === userId &&
      isAlive(session.SessionStatus) &&
      session.IsSessionStarted !== true &&
      !isHeld(session.SessionId),
  ).map(({ SessionId }) => SessionId)
}
