import { fired } from './fired'

/** What a caller may stream from. */
export type Source<Value> = AsyncIterable<Value>

/**
 * Reads a source one value at a time, and lets go of it when the signal fires, even while the source
 * is still thinking.
 */
export class SourceReader<Value> {
  readonly #iterator: AsyncIterator<Value>
  readonly #stop: AbortSignal

  constructor(source: Source<Value>, stop: AbortSignal) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.#stop = stop
  }

  /** The next value; `undefined` at the end or when told to stop. What the source throws passes through. */
  async next(): Promise<Value | undefined> {
    if (this.#stop.aborted) return undefined
    const stopped = fired(this.#stop)
    try {
      const result = await Promise.race([this.#iterator.next(), stopped.promise])
      return result && !result.done ? result.value : undefined
    } finally {
      stopped.forget()
    }
  }

  /** Tells the source that no more is wanted. */
  release(): void {
    // A generator that is thinking ends when it has thought; nobody waits for that.
    Promise.resolve(this.#iterator.return?.()).catch(() => {})
  }
}
