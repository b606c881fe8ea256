import { withDeadline } from '../async/with-deadline'
import type { ResolvedOptions } from '../client/options'
import type { IvhSession } from './session'
import { Unfinished } from './unfinished'
import type { UserIdGate } from './user-id-gate'

/**
 * What may be open and is wanted by nobody: closes that are under way or have failed, and creates of
 * which nobody knows what they left. None is given up while the process lives; `closeAll` tries them all.
 */
export class Discards {
  readonly #options: ResolvedOptions
  readonly #userIds: UserIdGate
  /** Each rejects when its session may still be open. */
  readonly #pending = new Set<Promise<void>>()
  readonly #unclosed = new Map<IvhSession, Unfinished>()
  /** By the UserId, which is all that is known of them. */
  readonly #lost = new Map<string, Unfinished>()

  constructor(options: ResolvedOptions, userIds: UserIdGate) {
    this.#options = options
    this.#userIds = userIds
  }

  /**
   * What is being tidied up, and a look for every create that was lost. The sessions whose close has
   * failed are not among them.
   */
  settle(): readonly Promise<void>[] {
    return [...this.#pending, ...[...this.#lost.values()].map((lost) => lost.try())]
  }

  /** Remembers a close for closeAll, which reports its failure; nobody else has to. */
  remember(userId: string, close: Promise<void>): Promise<void> {
    const tracked = this.#track(close)
    this.#userIds.hold(userId, tracked)
    return tracked
  }

  /**
   * Closes a session that nobody holds. Its UserId is kept back no longer than a call may take: by its id,
   * no close hits another session.
   */
  close(session: IvhSession): Promise<void> {
    const closed = this.#track(session.close())
    this.#userIds.hold(session.userId, this.settled(closed))
    return closed
  }

  /** Waits for a close however it ends, but no longer than a call may take, or until the signal fires. */
  async settled(close: Promise<void>, signal?: AbortSignal): Promise<void> {
    const { clock, timeoutMs } = this.#options
    await withDeadline(() => close, { clock, signal, timeoutMs }).catch(() => {})
  }

  /** Goes on trying to close a session, after its close has failed. */
  closeLater(session: IvhSession, error: unknown): void {
    // Whoever closes it once more meanwhile changes nothing about when it is tried again.
    if (this.#unclosed.has(session)) return
    const what = `Session ${session.id} could not be closed and may still be paid for`
    const unclosed = new Unfinished(this.#options, what, async () => {
      await session.close()
      return undefined
    })
    this.#unclosed.set(session, unclosed)
    unclosed.failed(error)
  }

  /** The session is closed, or somebody wants it again. */
  forget(session: IvhSession): void {
    this.#unclosed.get(session)?.stop()
    this.#unclosed.delete(session)
  }

  /**
   * Goes on looking for what a create left behind.
   *
   * @param look Closes what it finds; resolves with the milliseconds until the next look.
   * @param failure Of the looks so far, if they failed.
   */
  lookLater(
    userId: string,
    look: () => Promise<number | undefined>,
    first: { readonly error: unknown } | { readonly delayMs: number },
  ): void {
    this.forgetLost(userId)
    const what = `A create for the UserId ${userId} was not answered, and whether it left a session open could not be found out`
    const lost: Unfinished = new Unfinished(this.#options, what, async () => {
      const delayMs = await look()
      if (delayMs === undefined && this.#lost.get(userId) === lost) this.#lost.delete(userId)
      return delayMs
    })
    this.#lost.set(userId, lost)
    if ('error' in first) lost.failed(first.error)
    else lost.tryIn(first.delayMs)
  }

  /** Another session was created with this UserId, so the service has closed whatever was lost. */
  forgetLost(userId: string): void {
    this.#lost.get(userId)?.stop()
    this.#lost.delete(userId)
  }

  #track(close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => this.#pending.delete(tracked))
    tracked.catch(() => {})
    this.#pending.add(tracked)
    return tracked
  }
}
