import { namesCheck } from '@ivh-kit/kernel'
import type { Caller } from '../calls/call'
import { IvhAbortError, IvhConfigError } from '../errors'
import type { ListedSession } from '../protocol'
import type { SessionRegistry } from './registry/session-registry'
import { isAlive } from './session/session-calls'

/** Options of `sessions.closeOrphans`. */
export interface CloseOrphansOptions {
  /**
   * Returns true for a session that an ended process of yours has opened. The list shows the sessions of
   * the whole account, so decide by something that only yours have: a prefix of the `UserId`, an asset. Any
   * other return value than `true` or `false` is refused before anything is closed.
   */
  readonly isMine: (session: ListedSession) => boolean
  /** Aborts the call: no further close begins, and closes in progress are awaited. */
  readonly signal?: AbortSignal | undefined
}

const checkOrphanNames = namesCheck<CloseOrphansOptions>('sessions.closeOrphans', {
  isMine: true,
  signal: true,
})

/**
 * Closes the sessions of the account for which `isMine` returns true and that this client does not use.
 *
 * @throws IvhConfigError when `isMine` is not a function or returns no boolean.
 */
export async function closeOrphans(
  call: Caller,
  registry: SessionRegistry,
  isInUse: (session: ListedSession) => boolean,
  { isMine, signal, ...others }: CloseOrphansOptions,
): Promise<readonly ListedSession[]> {
  checkOrphanNames({ isMine, signal, ...others })
  if (typeof isMine !== 'function') throw invalidIsMine(`is of type ${typeof isMine}`)
  const { Sessions } = await call('listSessionOfUin', {}, { signal })
  const orphans = Sessions.filter(
    (session) =>
      isAlive(session.SessionStatus) && !isInUse(session) && checkedIsMine(session, isMine),
  )
  // Check before each close: this client may have taken over the session since the list was read.
  const isWanted = (session: ListedSession) => () => !signal?.aborted && !isInUse(session)
  const results = await Promise.allSettled(
    orphans.map((session) => registry.closeById(session.SessionId, isWanted(session))),
  )
  throwCloseFailures(results)
  if (signal?.aborted) {
    throw new IvhAbortError('Closing orphaned sessions was aborted by its AbortSignal', {
      cause: signal.reason,
    })
  }
  return orphans.filter((_session, index) => {
    const result = results[index]
    return result?.status === 'fulfilled' && result.value
  })
}

/** @throws AggregateError with the reasons of all rejections. */
export function throwCloseFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const failures = new Set(
    results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : [])),
  )
  if (failures.size === 0) return
  const message = `${failures.size} session(s) could not be closed and may still be paid for`
  throw new AggregateError(failures, message)
}

/** Untyped callers may return any value. A promise would be truthy. */
function checkedIsMine(session: ListedSession, isMine: CloseOrphansOptions['isMine']): boolean {
  const answer: unknown = isMine(session)
  if (typeof answer === 'boolean') return answer
  // A rejection of this promise must not end the process.
  if (answer instanceof Promise) answer.catch(() => {})
  const type = answer instanceof Promise ? 'a promise' : `a value of type ${typeof answer}`
  throw invalidIsMine(`returned ${type}`)
}

function invalidIsMine(problem: string): IvhConfigError {
  return new IvhConfigError(`isMine of sessions.closeOrphans ${problem}`, {
    option: 'isMine',
    hint: 'Nothing was closed. Give a function that returns true for your own sessions and false for all others. Load its data before the call.',
  })
}
