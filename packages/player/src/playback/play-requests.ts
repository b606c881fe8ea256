/** The promises that `play()` has returned and that are not settled yet. */
export class PlayRequests {
  #pending: Array<{ resolve: () => void; reject: (cause: unknown) => void }> = []

  /** True when a caller of `play()` waits for the outcome. */
  get waiting(): boolean {
    return this.#pending.length > 0
  }

  /** Adds a request. Its promise settles with the next {@link resolve} or {@link reject}. */
  add(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject })
    })
  }

  /** Resolves all requests: playback has started. */
  resolve(): void {
    for (const request of this.#take()) request.resolve()
  }

  /** Rejects all requests with the given cause. */
  reject(cause: unknown): void {
    for (const request of this.#take()) request.reject(cause)
  }

  /** Rejects all requests with an `AbortError`. */
  abort(message: string): void {
    this.reject(new DOMException(message, 'AbortError'))
  }

  #take() {
    const taken = this.#pending
    this.#pending = []
    return taken
  }
}
