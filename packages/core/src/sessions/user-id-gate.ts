import type { Clock } from '@ivh-kit/kernel'
import { withDeadline } from '../async/with-deadline'
import { IvhSessionError } from '../errors'

/**
 * Keeps creates with one UserId apart. The service closes the first session for the second, and of two
 * that cross on the way nobody knows which is the second; so there is one open at a time, and none while
 * what an earlier one left behind is still being looked for and closed.
 */
export class UserIdGate {
  readonly #opening = new Set<string>()
  readonly #tidying = new Map<string, Set<Promise<unknown>>>()

  /**
   * Takes the UserId for one open; the returned function gives it back, once.
   *
   * @throws IvhSessionError (`already-opening`) when it is taken.
   */
  enter(userId: string): () => void {
    if (this.#opening.has(userId)) {
      throw new IvhSessionError(
        'already-opening',
        `Another session with the userId "${userId}" is being opened`,
        { hint: 'Wait for it or abort it, or give every viewer a userId of its own.' },
      )
    }
    this.#opening.add(userId)
    let left = false
    return () => {
      if (!left) this.#opening.delete(userId)
      left = true
    }
  }

  /** Lets later opens with this UserId wait until `tidying` has settled. */
  hold(userId: string, tidying: Promise<unknown>): void {
    const all = this.#tidying.get(userId) ?? new Set()
    this.#tidying.set(userId, all.add(tidying))
    const release = () => {
      all.delete(tidying)
      if (all.size === 0) this.#tidying.delete(userId)
    }
    tidying.then(release, release)
  }

  /** Whether a session with this UserId is being opened, or what one left behind is being tidied up. */
  isTaken(userId: string): boolean {
    return this.#opening.has(userId) || this.#tidying.has(userId)
  }

  /** Resolves when nothing holds this UserId, or the signal has fired. */
  async free(userId: string, clock: Clock, signal: AbortSignal): Promise<void> {
    for (let all = this.#tidying.get(userId); all; all = this.#tidying.get(userId)) {
      const settled = Promise.allSettled(all)
      const { interrupted } = await withDeadline(() => settled, { clock, signal })
      if (interrupted !== undefined) return
    }
  }
}
