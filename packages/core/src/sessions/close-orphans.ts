import { IvhAbortError, IvhConfigError } from '../errors'
import type { ListedSession } from '../protocol'
import { closeSession } from './close-session'
import { isAlive } from './is-alive'
import type { HoldingContext } from './opening-context'

/** Which sessions of the account are closed. */
export interface CloseOrphansOptions {
  /**
   * Whether this session was opened by a process that has ended. The list belongs to the whole account, so
   * tell by what only your own have: a prefix of the `UserId`, an asset. Anything but `true` and `false`,
   * a promise for one, is refused before anything is closed.
   */
  readonly isMine: (session: ListedSession) => boolean
  /** Ends it: no further close is begun, and those under way are waited for. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Closes the sessions of the account that `isMine` names and this client has nothing to do with.
 *
 * @throws IvhConfigError when `isMine` is no function, or does not tell.
 */
export async function closeOrphans(
  context: HoldingContext,
  isOurs: (session: ListedSession) => boolean,
  { isMine, signal }: CloseOrphansOptions,
): Promise<readonly ListedSession[]> {
  const { call, closes } = context
  if (typeof isMine !== 'function') throw cannotTell(`is a(n) ${typeof isMine}`)
  const { Sessions } = await call('listSessionOfUin', {}, { signal })
  const orphans = Sessions.filter(
    (session) =>
      isAlive(session.SessionStatus) && !isOurs(session) && isMineChecked(session, isMine),
  )
  const close = async (session: ListedSession): Promise<ListedSession[]> => {
    // Meanwhile somebody here may have taken hold of it.
    if (signal?.aborted || isOurs(session)) return []
    await closeSession(call, session.SessionId)
    return [session]
  }
  const results = await Promise.allSettled(
    orphans.map((session) => closes.run(() => close(session))),
  )
  const failures = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  )
  if (failures.length > 0) {
    const message = `${failures.length} session(s) could not be closed and may still be paid for`
    throw new AggregateError(failures, message)
  }
  if (signal?.aborted) {
    throw new IvhAbortError('Closing orphaned sessions was aborted by its AbortSignal', {
      cause: signal.reason,
    })
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
}

/** A caller without types may give any answer, and a promise is as good as a yes. */
function isMineChecked(session: ListedSession, isMine: CloseOrphansOptions['isMine']): boolean {
  const answer: unknown = isMine(session)
  if (typeof answer === 'boolean') return answer
  // Nobody waits for it, and its rejection must not end the process.
  if (answer instanceof Promise) answer.catch(() => {})
  const what = answer instanceof Promise ? 'a promise' : `a(n) ${typeof answer}`
  throw cannotTell(`gave ${what}`)
}

function cannotTell(what: string): IvhConfigError {
  return new IvhConfigError(`isMine of sessions.closeOrphans ${what}`, {
    hint: 'Nothing was closed. Give a function that returns true for your own sessions and false for all others; look up what it needs first.',
  })
}
