/** What a caller may stream from. */
export type Source<Value> = AsyncIterable<Value>

/**
 * Reads a source one value at a time, and lets go of it when the signal fires, even while the source
 * is still thinking.
 */
export class SourceReader<Value> {
  readonly #iterator: AsyncIterator<Value>
  readonly #stop: AbortSignal
  #giveUp: () => void = () => {}
  // One listener for the whole source: adding one for each value costs more than reading it.
  readonly #onStop = () => this.#giveUp()

  constructor(source: Source<Value>, stop: AbortSignal) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.#stop = stop
    stop.addEventListener('abort', this.#onStop, { once: true })
  }

  /**
   * The next value; `undefined` at the end or when told to stop. What the source throws passes through.
   * One at a time: the next is asked for when the last has come.
   */
  next(): Promise<Value | undefined> {
    if (this.#stop.aborted) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve(undefined)
      this.#iterator.next().then(({ done, value }) => resolve(done ? undefined : value), reject)
    })
  }

  /** Tells the source that no more is wanted. */
  release(): void {
    this.#stop.removeEventListener('abort', this.#onStop)
    // A generator that is thinking ends when it has thought; nobody waits for that.
    Promise.resolve(this.#iterator.return?.()).catch(() => {})
  }
}
