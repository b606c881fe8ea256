/** Work in the background. Its end can be awaited. */
export class BackgroundWork {
  readonly #onError: (error: unknown) => void
  readonly #running = new Set<Promise<void>>()

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  start(work: () => Promise<void>): void {
    const running = work()
      .catch(this.#onError)
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async finished(): Promise<void> {
    await Promise.all(this.#running)
  }
}
