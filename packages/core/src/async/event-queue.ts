/**
 * What a `for await` loop over events reads: it keeps what comes until it is read. Unlike a generator it
 * listens from the start, and leaving it does not wait for the next event.
 */
export class EventQueue<Item> implements AsyncGenerator<Item, void, undefined> {
  readonly #onEnd: () => void
  readonly #items: Item[] = []
  readonly #readers: ((result: IteratorResult<Item, void>) => void)[] = []
  #over = false

  /** @param onEnd Called once: nothing has to be put in any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  put(item: Item): void {
    if (this.#over) return
    const reader = this.#readers.shift()
    if (reader) reader({ value: item, done: false })
    else this.#items.push(item)
  }

  /** Nothing comes any more; what is there can still be read. */
  end(): void {
    if (this.#over) return
    this.#over = true
    this.#onEnd()
    for (const reader of this.#readers.splice(0)) reader(done)
  }

  next(): Promise<IteratorResult<Item, void>> {
    const [item] = this.#items.splice(0, 1)
    if (item !== undefined) return Promise.resolve({ value: item, done: false })
    if (this.#over) return Promise.resolve(done)
    return new Promise((resolve) => {
      this.#readers.push(resolve)
    })
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.#items.length = 0
    this.end()
    return done
  }

  async throw(error: unknown): Promise<IteratorResult<Item, void>> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

const done = { value: undefined, done: true } as const
