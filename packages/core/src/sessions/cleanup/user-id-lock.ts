import type { Clock } from '@ivh-kit/kernel'
import { withDeadline } from '../../async/with-deadline'
import { IvhSessionError } from '../../errors'

/**
 * Allows one open per UserId at a time. The service closes the first session when a second is created with
 * the same UserId, and the order of two concurrent creates is unknown. An open also waits while cleanup of
 * an earlier one blocks the UserId.
 */
export class UserIdLock {
  readonly #opening = new Set<string>()
  readonly #blocked = new Map<string, Set<Promise<unknown>>>()

  /**
   * Acquires the UserId for one open. The returned function releases it.
   *
   * @throws IvhSessionError (`already-opening`) when it is taken.
   */
  acquire(userId: string): () => void {
    if (this.#opening.has(userId)) {
      const message = `Another session with the userId "${userId}" is being opened`
      const hint = 'Wait for that open or abort it, or give every viewer its own userId.'
      throw new IvhSessionError('already-opening', message, { hint })
    }
    this.#opening.add(userId)
    let released = false
    return () => {
      if (!released) this.#opening.delete(userId)
      released = true
    }
  }

  /** Makes later opens with this UserId wait until the cleanup has settled. */
  block(userId: string, cleanup: Promise<unknown>): void {
    const all = this.#blocked.get(userId) ?? new Set()
    this.#blocked.set(userId, all.add(cleanup))
    const release = () => {
      all.delete(cleanup)
      if (all.size === 0) this.#blocked.delete(userId)
    }
    cleanup.then(release, release)
  }

  isTaken(userId: string): boolean {
    return this.#opening.has(userId) || this.#blocked.has(userId)
  }

  /** Resolves when no cleanup blocks this UserId, or the signal has fired. */
  async unblocked(userId: string, clock: Clock, signal: AbortSignal): Promise<void> {
    for (let all = this.#blocked.get(userId); all; all = this.#blocked.get(userId)) {
      const settled = Promise.allSettled(all)
      const { interrupted } = await withDeadline(() => settled, { clock, signal })
      if (interrupted !== undefined) return
    }
  }
}
