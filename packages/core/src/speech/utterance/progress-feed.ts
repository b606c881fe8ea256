import { createDeferred } from '../../async/deferred'
import type { SpeechProgress } from './speech-handle'

/** A reader that is slower than the service loses the oldest steps above this number. */
const keptSteps = 256

/** The steps of an utterance for one reader, from its creation until the utterance is over. */
export class ProgressFeed implements AsyncIterableIterator<SpeechProgress, void, undefined> {
  readonly #steps: SpeechProgress[] = []
  readonly #onLeave: (feed: ProgressFeed) => void
  #changed = createDeferred()
  #end: { readonly failure?: { readonly error: unknown } } | undefined

  /** @param onLeave Called when the reader leaves. */
  constructor(onLeave: (feed: ProgressFeed) => void) {
    this.#onLeave = onLeave
  }

  push(step: SpeechProgress): void {
    this.#steps.push(step)
    if (this.#steps.length > keptSteps) this.#steps.shift()
    this.#wake()
  }

  end(failure?: { readonly error: unknown }): void {
    this.#end ??= failure ? { failure } : {}
    this.#wake()
  }

  async next(): Promise<IteratorResult<SpeechProgress, void>> {
    for (;;) {
      const value = this.#steps.shift()
      if (value) return { value, done: false }
      if (this.#end) {
        const { failure } = this.#end
        this.#end = {}
        if (failure) throw failure.error
        return { value: undefined, done: true }
      }
      await this.#changed.promise
    }
  }

  async return(): Promise<IteratorResult<SpeechProgress, void>> {
    this.#onLeave(this)
    this.#steps.length = 0
    this.end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Wakes every pending `next()`: an iterator may have several. */
  #wake(): void {
    this.#changed.resolve()
    this.#changed = createDeferred()
  }
}
