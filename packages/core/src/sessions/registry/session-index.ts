interface Indexed {
  readonly id: string
  readonly userId: string
}

/** Sessions by SessionId and by UserId. */
export class SessionIndex<Session extends Indexed> {
  readonly #all = new Set<Session>()
  readonly #byKey = new Map<string, Set<Session>>()

  get all(): readonly Session[] {
    return [...this.#all]
  }

  /** The sessions with this SessionId: at most one is open, the others are earlier handles on it. */
  withId(sessionId: string): readonly Session[] {
    return [...(this.#byKey.get(idKey(sessionId)) ?? [])]
  }

  withUserId(userId: string): readonly Session[] {
    return [...(this.#byKey.get(userKey(userId)) ?? [])]
  }

  add(session: Session): void {
    this.#all.add(session)
    for (const key of keysOf(session)) {
      this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(session))
    }
  }

  delete(session: Session): void {
    this.#all.delete(session)
    for (const key of keysOf(session)) {
      const sessions = this.#byKey.get(key)
      sessions?.delete(session)
      if (sessions?.size === 0) this.#byKey.delete(key)
    }
  }
}

const idKey = (sessionId: string) => `id ${sessionId}`
const userKey = (userId: string) => `user ${userId}`
const keysOf = ({ id, userId }: Indexed) => [idKey(id), userKey(userId)]
