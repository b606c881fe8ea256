import { pause } from '../../async/pause'
import type { Caller } from '../../calls/call'
import type { ResolvedOptions } from '../../options/resolve-options'
import { isAlive } from '../session/session-calls'
import { type BackgroundCleanup, outcomeUnknown } from './background-cleanup'
import type { UserIdLock } from './user-id-lock'

/**
 * Time for which a create without a response may still take effect, in milliseconds. The service prepares a
 * session for up to 2 minutes (1211/62102), and the documents do not say whether the list shows sessions that
 * are being prepared.
 */
export const lateEffectMs = 120_000
/** Delay of the second look, in milliseconds: the create may still be in progress at the first look. */
const secondLookAfterMs = 5_000
/** Delays of the looks before the last one, in milliseconds. */
const laterLooksMs = [30_000, 60_000]
const lastLookAfterMs = 5_000
/** Delay before another look while the UserId is being opened, in milliseconds. */
const postponedMs = 5_000

/** What a search needs of its client. */
export interface SearchContext {
  readonly call: Caller
  readonly options: ResolvedOptions
  readonly cleanup: BackgroundCleanup
  readonly userIds: UserIdLock
  /** True when a client of the account has a session with this id. */
  readonly isKnown: (sessionId: string) => boolean
  /** Closes sessions that have no handle. A failed close is repeated in the background. */
  readonly closeFound: (userId: string, ids: readonly string[]) => Promise<void>
}

/**
 * Finds and closes the session that a create without a response may have left open. It reads the account's list at once and after 5 s. Further looks follow in the
 * background until a session is found or the create can no longer take effect.
 *
 * @throws IvhSessionError (`outcome-unknown`) while the search goes on in the background; IvhError when the
 * list cannot be read, or a session that was found could not be closed.
 */
export async function findLostSession(
  context: SearchContext,
  userId: string,
  readyTimeoutMs = 0,
): Promise<void> {
  const { cleanup, closeFound, options, userIds } = context
  const { logger, steady: clock } = options
  const startedAt = clock.now()
  const lastLookMs = Math.max(lateEffectMs, readyTimeoutMs) + lastLookAfterMs

  const untilNextLook = (lookedAt: number) => {
    const due = [...laterLooksMs, lastLookMs]
      .map((afterMs) => startedAt + afterMs)
      .filter((at) => at > lookedAt)
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
    await closeFound(userId, ids)
    // With several lost creates, nobody knows whose session this was.
    return cleanup.searchesFor(userId) > 1 ? untilNextLook(lookedAt) : undefined
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
  const isFound = ids.length > 0
  if (isFound) await closeFound(userId, ids)
  if (isFound && cleanup.searchesFor(userId) === 0) return
  const delayMs = untilNextLook(startedAt + secondLookAfterMs)
  if (delayMs === undefined) return
  cleanup.searchFor(userId, lookInBackground).runIn(delayMs)
  logger.warn(
    `A create for the UserId ${userId} got no response, and the account's list shows no session of it yet. The search goes on for ${Math.round(lastLookMs / 1_000)} s`,
  )
  throw outcomeUnknown(userId)
}

/**
 * Finds and closes the twin of a session that another one has replaced soon after its create: a proxy may have
 * delivered the create twice. Nobody starts a twin, so it is closed when every other session would be
 * started.
 */
export function findTwin(context: SearchContext, userId: string): void {
  const { cleanup, closeFound, options, userIds } = context
  const { logger, steady: clock } = options
  const dueAt = clock.now() + lateEffectMs + lastLookAfterMs
  const look = async () => {
    if (clock.now() < dueAt) return dueAt - clock.now()
    if (userIds.isTaken(userId)) return postponedMs
    const ids = await listUnknownSessions(context, userId)
    if (userIds.isTaken(userId)) return postponedMs
    if (ids.length > 0) {
      logger.warn(
        `Closing ${ids.join(', ')}: nobody has started it, so a create was delivered twice`,
      )
      await closeFound(userId, ids)
    }
    return undefined
  }
  cleanup.searchFor(userId, look).runIn(dueAt - clock.now())
}

/**
 * Lists the sessions with this UserId that no client of the account knows. A create makes the service close
 * every earlier session with its UserId, so these sessions belong to the lost create, unless another process
 * has opened a session since. A started session certainly belongs to another process.
 */
async function listUnknownSessions(
  { call, isKnown }: SearchContext,
  userId: string,
): Promise<readonly string[]> {
  const { Sessions } = await call('listSessionOfUin', {}, { mustSucceed: true })
  const ids = Sessions.filter(
    (session) =>
      session.UserId === userId &&
      isAlive(session.SessionStatus) &&
      session.IsSessionStarted !== true &&
      !isKnown(session.SessionId),
  ).map(({ SessionId }) => SessionId)
  // A damaged list says nothing, so it must not end the search.
  if (ids.includes('')) throw outcomeUnknown(userId)
  return ids
}
