/** The cleanup work that is not done, by UserId. */
export class Outstanding {
  readonly #work = new Map<string, Set<unknown>>()
  readonly #waiting = new Map<string, (() => void)[]>()

  add(userId: string, item: unknown): void {
    this.#work.set(userId, (this.#work.get(userId) ?? new Set()).add(item))
  }

  done(userId: string, item: unknown): void {
    const items = this.#work.get(userId)
    items?.delete(item)
    if (items && items.size > 0) return
    this.#work.delete(userId)
    for (const resolve of this.#waiting.get(userId) ?? []) resolve()
    this.#waiting.delete(userId)
  }

  /** Resolves when no work is left; undefined when there is none now. */
  whenDone(userId: string): Promise<void> | undefined {
    if (!this.#work.has(userId)) return undefined
    return new Promise((resolve) => {
      this.#waiting.set(userId, [...(this.#waiting.get(userId) ?? []), resolve])
    })
  }
}
