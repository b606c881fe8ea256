import { createDeferred } from '../async/deferred'
import type { SpeechProgress } from './utterance'

/** A reader that is slower than the service loses the oldest steps beyond so many. */
const keptSteps = 256

/** The steps of an utterance for one reader, from now until it is over. */
export class ProgressFeed implements AsyncIterableIterator<SpeechProgress, void, undefined> {
  readonly #waiting: SpeechProgress[] = []
  readonly #leave: (feed: ProgressFeed) => void
  #news = createDeferred()
  #over: { readonly failure?: { readonly error: unknown } } | undefined

  /** @param leave called when the reader wants no more. */
  constructor(leave: (feed: ProgressFeed) => void) {
    this.#leave = leave
  }

  push(step: SpeechProgress): void {
    this.#waiting.push(step)
    if (this.#waiting.length > keptSteps) this.#waiting.shift()
    this.#wake()
  }

  end(failure?: { readonly error: unknown }): void {
    this.#over ??= failure ? { failure } : {}
    this.#wake()
  }

  async next(): Promise<IteratorResult<SpeechProgress, void>> {
    for (;;) {
      const value = this.#waiting.shift()
      if (value) return { value, done: false }
      if (this.#over) {
        const { failure } = this.#over
        this.#over = {}
        if (failure) throw failure.error
        return { value: undefined, done: true }
      }
      await this.#news.promise
    }
  }

  async return(): Promise<IteratorResult<SpeechProgress, void>> {
    this.#leave(this)
    this.#waiting.length = 0
    this.end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Everyone who waits looks again: the iterator may be asked several times at once. */
  #wake(): void {
    this.#news.resolve()
    this.#news = createDeferred()
  }
}
