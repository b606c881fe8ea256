import { createDeferred, type Deferred } from './deferred'

/**
 * The iterator of a `for await` loop over events. The queue keeps events until they are read. Unlike a
 * generator, it receives events from its creation on, and leaving the loop does not wait for the next event.
 */
export class EventQueue<Item> implements AsyncGenerator<Item, void, undefined> {
  readonly #onEnd: () => void
  readonly #limit: number
  readonly #items: Item[] = []
  readonly #readers: Deferred<IteratorResult<Item, void>>[] = []
  #isOver = false
  #failure: { readonly error: unknown } | undefined

  /**
   * @param onEnd Called once, when the queue accepts no more items.
   * @param limit Maximum number of unread items. Above it, the oldest items are dropped.
   */
  constructor(onEnd: () => void, limit = Number.POSITIVE_INFINITY) {
    this.#onEnd = onEnd
    this.#limit = limit
  }

  put(item: Item): void {
    if (this.#isOver) return
    const reader = this.#readers.shift()
    if (reader) {
      reader.resolve({ value: item, done: false })
      return
    }
    this.#items.push(item)
    if (this.#items.length > this.#limit) this.#items.shift()
  }

  /** Ends the queue. The reader still gets the unread items, and then the failure once. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#failure = failure
    this.#onEnd()
    for (const reader of this.#readers.splice(0)) this.#finish(reader)
  }

  next(): Promise<IteratorResult<Item, void>> {
    const [item] = this.#items.splice(0, 1)
    if (item !== undefined) return Promise.resolve({ value: item, done: false })
    const reader = createDeferred<IteratorResult<Item, void>>()
    if (this.#isOver) this.#finish(reader)
    else this.#readers.push(reader)
    return reader.promise
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.#items.length = 0
    this.#failure = undefined
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

  #finish(reader: Deferred<IteratorResult<Item, void>>): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure) reader.reject(failure.error)
    else reader.resolve(done)
  }
}

const done = { value: undefined, done: true } as const
