import { addCleanup } from '@ivh-kit/kernel'
import { withDeadline } from '../../async/with-deadline'
import type { IvhSession } from '../../contracts/session'
import { IvhSessionError, isIvhError } from '../../errors'
import type { ResolvedOptions } from '../../options/resolve-options'
import { type BackgroundRetry, createBackgroundRetry } from './background-retry'
import { Outstanding } from './outstanding'
import type { UserIdLock } from './user-id-lock'

/**
 * Closes unwanted sessions in the background: closes in progress, failed closes, and creates whose outcome
 * is unknown. Every task is repeated until it succeeds or the process ends.
 */
export class BackgroundCleanup {
  readonly #options: ResolvedOptions
  readonly #userIds: UserIdLock
  /** Closes in progress. Each rejects when its session may still be open. */
  readonly #closes = new Set<Promise<void>>()
  readonly #failedCloses = new Map<IvhSession, BackgroundRetry>()
  /** The searches with their UserIds. */
  readonly #searches = new Map<BackgroundRetry, string>()
  readonly #outstanding = new Outstanding()

  constructor(options: ResolvedOptions, userIds: UserIdLock) {
    this.#options = options
    this.#userIds = userIds
  }

  /**
   * The closes in progress, and one run of every search. Each rejects when a session may still be open.
   * Failed closes are not included.
   */
  settle(): readonly Promise<void>[] {
    const searches = [...this.#searches].map(async ([search, userId]) => {
      await search.runNow()
      if (this.#searches.has(search)) throw outcomeUnknown(userId)
    })
    return [...this.#closes, ...searches]
  }

  /** Tracks a close for `closeAll`, which reports its failure, and blocks the UserId meanwhile. */
  track(userId: string, close: Promise<void>): Promise<void> {
    const tracked = this.#track(userId, close)
    this.#userIds.block(userId, tracked)
    return tracked
  }

  /**
   * Closes an unwanted session. Its UserId is blocked for at most the client's timeout, because a close by
   * SessionId cannot hit another session.
   */
  close(session: IvhSession): Promise<void> {
    const closed = this.#track(session.userId, session.close())
    this.#userIds.block(session.userId, this.settled(closed))
    return closed
  }

  /** Waits for a close to settle, for at most the client's timeout or until the signal fires. */
  async settled(close: Promise<void>, signal?: AbortSignal): Promise<void> {
    const { clock, timeoutMs } = this.#options
    await withDeadline(() => close, { clock, signal, timeoutMs }).catch(() => {})
  }

  closeLater(session: IvhSession, error: unknown): void {
    // Keep the running retry: a further failed close must not restart the pauses.
    if (this.#failedCloses.has(session)) return
    const problem = `Session ${session.id} could not be closed and may still be paid for`
    const close = async () => {
      await session.close()
      return undefined
    }
    const retry = createBackgroundRetry(this.#options, problem, close)
    this.#failedCloses.set(session, retry)
    this.#outstanding.add(session.userId, session)
    retry.failed(error)
  }

  /**
   * Prepares repeated searches for the session of a create whose outcome is unknown. The caller starts them.
   *
   * @param search Closes the sessions that it finds. Resolves with the milliseconds until the next run, or
   * undefined when the search is done.
   */
  searchFor(userId: string, search: () => Promise<number | undefined>): BackgroundRetry {
    const problem = `A create for the UserId ${userId} may have left a session open. The search for that session failed`
    const retry: BackgroundRetry = createBackgroundRetry(this.#options, problem, async () => {
      const delayMs = await search()
      if (delayMs !== undefined) return delayMs
      this.#searches.delete(retry)
      this.#outstanding.done(userId, retry)
      return undefined
    })
    this.#searches.set(retry, userId)
    this.#outstanding.add(userId, retry)
    return retry
  }

  /** The number of searches for sessions of this UserId. */
  searchesFor(userId: string): number {
    return [...this.#searches.values()].filter((searched) => searched === userId).length
  }

  /** Stops repeating the close of a session that is closed or in use again. */
  forget(session: IvhSession): void {
    this.#failedCloses.get(session)?.stop()
    this.#failedCloses.delete(session)
    this.#outstanding.done(session.userId, session)
  }

  /** Adds `cleanup` to the error of an open that may have left a session. Returns the error. */
  describe<Failure>(userId: string, error: Failure): Failure {
    const cleanup = this.#outstanding.whenDone(userId)
    if (cleanup && isIvhError(error)) addCleanup(error, cleanup)
    return error
  }

  #track(userId: string, close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => {
      this.#closes.delete(tracked)
      this.#outstanding.done(userId, tracked)
    })
    tracked.catch(() => {})
    this.#closes.add(tracked)
    this.#outstanding.add(userId, tracked)
    return tracked
  }
}

/** The error of a create that may still take effect. */
export function outcomeUnknown(userId: string): IvhSessionError {
  return new IvhSessionError(
    'outcome-unknown',
    `A create for the userId "${userId}" may have left a session that is not in the account's list yet`,
    {
      hint: 'It would be paid for. Keep the process alive for two minutes and close again, or look for the session in the console.',
    },
  )
}
