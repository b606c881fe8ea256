import type { Caller } from '../client/call'
import type { Clock } from '../clock'
import { sessionStatus } from '../protocol/plain'
import { pause } from './pause'

/** A create whose connection broke may still be at work when the list is read for the first time. */
const secondLookAfterMs = 5_000

/**
 * The sessions that a create without an answer may have left behind: those in progress with its UserId
 * that are not `known`. A create closes every earlier session with its UserId, so what is found is its
 * own. An empty list is read once more 5 s later.
 *
 * @throws IvhError when the list cannot be read.
 */
export async function findLeftBehind(
  call: Caller,
  clock: Clock,
  userId: string,
  known: (sessionId: string) => boolean,
): Promise<readonly string[]> {
  const look = async () => {
    const { Sessions } = await call('listSessionOfUin', {}, { maxRetries: 3, stubborn: true })
    return Sessions.filter(
      (session) =>
        session.UserId === userId && isAlive(session.SessionStatus) && !known(session.SessionId),
    ).map(({ SessionId }) => SessionId)
  }
  const found = await look()
  if (found.length > 0) return found
  await pause(clock, secondLookAfterMs)
  return look()
}

/** Whether a session with this status occupies concurrency. */
export function isAlive(status: number): boolean {
  return status !== sessionStatus.closed && status !== sessionStatus.failed
}
