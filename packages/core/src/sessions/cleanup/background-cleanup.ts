import { withDeadline } from '../../async/with-deadline'
import type { IvhSession } from '../../contracts/session'
import type { ResolvedOptions } from '../../options/resolve-options'
import { type BackgroundRetry, createBackgroundRetry } from './background-retry'
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
  /** The failed closes by session, and by UserId the searches for the session of a create. */
  readonly #retries = new Map<IvhSession | string, BackgroundRetry>()

  constructor(options: ResolvedOptions, userIds: UserIdLock) {
    this.#options = options
    this.#userIds = userIds
  }

  /** The closes in progress, and one run of every search. Failed closes are not included. */
  settle(): readonly Promise<void>[] {
    const searches = [...this.#retries].filter(([key]) => typeof key === 'string')
    return [...this.#closes, ...searches.map(([, search]) => search.runNow())]
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

  closeLater(session: IvhSession, error: unknown): void {
    // Keep the running retry: a further failed close must not restart the pauses.
    if (this.#retries.has(session)) return
    const problem = `Session ${session.id} could not be closed and may still be paid for`
    const close = async () => {
      await session.close()
      return undefined
    }
    const retry = createBackgroundRetry(this.#options, problem, close)
    this.#retries.set(session, retry)
    retry.failed(error)
  }

  /**
   * Prepares repeated searches for the session of a create whose outcome is unknown. The caller starts them.
   *
   * @param search Closes the sessions that it finds. Resolves with the milliseconds until the next run, or
   * undefined when the search is done.
   */
  searchFor(userId: string, search: () => Promise<number | undefined>): BackgroundRetry {
    this.forget(userId)
    const problem = `A create for the UserId ${userId} got no response, so a session may be open. The search for that session failed`
    const retry: BackgroundRetry = createBackgroundRetry(this.#options, problem, async () => {
      const delayMs = await search()
      if (delayMs === undefined && this.#retries.get(userId) === retry) this.forget(userId)
      return delayMs
    })
    this.#retries.set(userId, retry)
    return retry
  }

  /**
   * Stops repeating the close of a session that is closed or in use again, or the search for a UserId that
   * was opened again: the later create made the service close the earlier session.
   */
  forget(key: IvhSession | string): void {
    this.#retries.get(key)?.stop()
    this.#retries.delete(key)
  }

  #track(close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => this.#closes.delete(tracked))
    tracked.catch(() => {})
    this.#closes.add(tracked)
    return tracked
  }
}
