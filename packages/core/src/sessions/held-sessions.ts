import type { IvhSession } from './session'

/** The sessions that a client, or all of an account, hold, found by either of their ids. */
export class HeldSessions {
  readonly #all = new Set<IvhSession>()
  readonly #byId = new Map<string, Set<IvhSession>>()
  readonly #byUserId = new Map<string, Set<IvhSession>>()
  readonly #among: HeldSessions | undefined

  /** @param among What is held here is held there as well. */
  constructor(among?: HeldSessions) {
    this.#among = among
  }

  /** In the order in which they came. */
  get all(): readonly IvhSession[] {
    return [...this.#all]
  }

  /** One that is open, and beside it what has become of earlier handles on it. */
  withId(sessionId: string): readonly IvhSession[] {
    return [...(this.#byId.get(sessionId) ?? [])]
  }

  withUserId(userId: string): readonly IvhSession[] {
    return [...(this.#byUserId.get(userId) ?? [])]
  }

  add(session: IvhSession): void {
    this.#all.add(session)
    put(this.#byId, session.id, session)
    put(this.#byUserId, session.userId, session)
    this.#among?.add(session)
  }

  delete(session: IvhSession): void {
    this.#all.delete(session)
    take(this.#byId, session.id, session)
    take(this.#byUserId, session.userId, session)
    this.#among?.delete(session)
  }
}

type Index = Map<string, Set<IvhSession>>

function put(index: Index, key: string, session: IvhSession): void {
  index.set(key, (index.get(key) ?? new Set()).add(session))
}

function take(index: Index, key: string, session: IvhSession): void {
  const sessions = index.get(key)
  sessions?.delete(session)
  if (sessions?.size === 0) index.delete(key)
}
