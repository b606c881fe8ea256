import { withDeadline } from '../../async/with-deadline'
import type { IvhSession } from '../../contracts/session'
import type { ResolvedOptions } from '../../options/resolve-options'
import { BackgroundRetry } from './background-retry'
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
  /** Searches for the session of a create whose outcome is unknown, by UserId. */
  readonly #searches = new Map<string, BackgroundRetry>()

  constructor(options: ResolvedOptions, userIds: UserIdLock) {
    this.#options = options
    this.#userIds = userIds
  }

  /** The closes in progress, and one run of every search. Failed closes are not included. */
  settle(): readonly Promise<void>[] {
    return [...this.#closes, ...[...this.#searches.values()].map((search) => search.runNow())]
  }

  /** Tracks a close for `closeAll`, which reports its failure, and blocks the UserId meanwhile. */
  track(userId: string, close: Promise<void>): Promise<void> {
    const tracked = this.#track(close)
    this.#userIds.block(userId, tracked)
    return tracked
  }

  /**
   * Closes an unwanted session. Its UserId is blocked for at most the client's timeout, because a close by
   * SessionId cannot hit another session.
   */
  close(session: IvhSession): Promise<void> {
    const closed = this.#track(session.close())
    this.#userIds.block(session.userId, this.settled(closed))
    return closed
  }

  /** Waits for a close to settle, for at most the client's timeout or until the signal fires. */
  async settled(close: Promise<void>, signal?: AbortSignal): Promise<void> {
    const { clock, timeoutMs } = this.#options
    await withDeadline(() => close, { clock, signal, timeoutMs }).catch(() => {})
  }

  /** Repeats the close of a session after it has failed. */
  closeLater(session: IvhSession, error: unknown): void {
    // Keep the running retry: a further failed close must not restart the pauses.
    if (this.#failedCloses.has(session)) return
    const problem = `Session ${session.id} could not be closed and may still be paid for`
    const retry = new BackgroundRetry(this.#options, problem, async () => {
      await session.close()
      return undefined
    })
    this.#failedCloses.set(session, retry)
    retry.failed(error)
  }

  /** Stops repeating the close of a session that is closed or in use again. */
  forget(session: IvhSession): void {
    this.#failedCloses.get(session)?.stop()
    this.#failedCloses.delete(session)
  }

  /**
   * Searches repeatedly for the session of a create whose outcome is unknown.
   *
   * @param search Closes the sessions that it finds. Resolves with the milliseconds until the next run, or
   * undefined when the search is done.
   * @param first The failure of the search so far, or the pause before the first run.
   */
  searchLater(
    userId: string,
    search: () => Promise<number | undefined>,
    first: { readonly error: unknown } | { readonly delayMs: number },
  ): void {
    this.stopSearch(userId)
    const problem = `A create for the UserId ${userId} got no response, so a session may be open. The search for that session failed`
    const retry: BackgroundRetry = new BackgroundRetry(this.#options, problem, async () => {
      const delayMs = await search()
      if (delayMs === undefined && this.#searches.get(userId) === retry) {
        this.#searches.delete(userId)
      }
      return delayMs
    })
    this.#searches.set(userId, retry)
    if ('error' in first) retry.failed(first.error)
    else retry.runIn(first.delayMs)
  }

  /** Stops a search: a later create with this UserId made the service close the earlier session. */
  stopSearch(userId: string): void {
    this.#searches.get(userId)?.stop()
    this.#searches.delete(userId)
  }

  #track(close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => this.#closes.delete(tracked))
    tracked.catch(() => {})
    this.#closes.add(tracked)
    return tracked
  }
}
