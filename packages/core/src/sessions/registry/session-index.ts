/** The part of a session that the index needs. */
interface Indexed {
  readonly id: string
  readonly userId: string
}

/** Sessions by SessionId and by UserId. */
export class SessionIndex<Session extends Indexed> {
  readonly #all = new Set<Session>()
  readonly #byId = new Map<string, Set<Session>>()
  readonly #byUserId = new Map<string, Set<Session>>()

  /** All sessions, in the order of their addition. */
  get all(): readonly Session[] {
    return [...this.#all]
  }

  /** The sessions with this SessionId: at most one is open, the others are earlier handles on it. */
  withId(sessionId: string): readonly Session[] {
    return [...(this.#byId.get(sessionId) ?? [])]
  }

  withUserId(userId: string): readonly Session[] {
    return [...(this.#byUserId.get(userId) ?? [])]
  }

  add(session: Session): void {
    this.#all.add(session)
    addTo(this.#byId, session.id, session)
    addTo(this.#byUserId, session.userId, session)
  }

  delete(session: Session): void {
    this.#all.delete(session)
    deleteFrom(this.#byId, session.id, session)
    deleteFrom(this.#byUserId, session.userId, session)
  }
}

function addTo<Session>(index: Map<string, Set<Session>>, key: string, session: Session): void {
  index.set(key, (index.get(key) ?? new Set()).add(session))
}

function deleteFrom<Session>(
  index: Map<string, Set<Session>>,
  key: string,
  session: Session,
): void {
  const sessions = index.get(key)
  sessions?.delete(session)
  if (sessions?.size === 0) index.delete(key)
}
