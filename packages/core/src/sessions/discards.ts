import { withDeadline } from '../client/deadline'
import type { ResolvedOptions } from '../client/options'
import type { IvhSession } from './session'
import type { UserIdGate } from './user-id-gate'

/**
 * The closes of sessions that nobody holds. Each keeps later opens with its UserId waiting, and `closeAll`
 * waits for all of them.
 */
export class Discards {
  readonly #options: ResolvedOptions
  readonly #userIds: UserIdGate
  readonly #keep: (session: IvhSession) => void
  /** Each rejects when its session may still be open. */
  readonly #pending = new Set<Promise<void>>()

  /** @param keep Takes a session that could not be closed. */
  constructor(options: ResolvedOptions, userIds: UserIdGate, keep: (session: IvhSession) => void) {
    this.#options = options
    this.#userIds = userIds
    this.#keep = keep
  }

  get pending(): readonly Promise<void>[] {
    return [...this.#pending]
  }

  /** Closes a session that nobody holds. When that fails it is listed, for closeAll to try again. */
  async close(session: IvhSession): Promise<void> {
    try {
      await session.close()
    } catch (error) {
      this.#keep(session)
      this.#options.logger.error(
        `Session ${session.id} could not be closed and may still be paid for: ${String(error)}`,
      )
      throw error
    }
  }

  /** Remembers a close for closeAll, which reports its failure; nobody else has to. */
  remember(userId: string, close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => this.#pending.delete(tracked))
    tracked.catch(() => {})
    this.#pending.add(tracked)
    this.#userIds.hold(userId, tracked)
    return tracked
  }

  /** Waits for a close however it ends, but no longer than until the signal fires. */
  async settled(close: Promise<void>, signal: AbortSignal): Promise<void> {
    await withDeadline(() => close, { clock: this.#options.clock, signal }).catch(() => {})
  }
}
