/** What a caller may stream from. */
export type Source<Value> = AsyncIterable<Value>

/** Whether a value may be read as one. */
export function isSource(value: unknown): value is Source<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What a source may give. */
export interface Material<Value> {
  readonly is: (value: unknown) => value is Value
  /** For a person. */
  readonly name: string
}

interface Reading {
  next(): Promise<IteratorResult<unknown, unknown>>
  /** No more is wanted. */
  cancel(): unknown
  /** Lets others read it, or see that nothing is left. */
  leave?(): void
}

const done = { done: true, value: undefined } as const

/**
 * Reads a source one value at a time, once. It is let go of at any moment, even while it is still thinking
 * and even when it was never read: what hangs on it (the answer of a language model, a file) is closed.
 * `null` and `undefined` are passed over: models have chunks that say nothing.
 */
export class SourceReader<Value> implements AsyncIterableIterator<Value, undefined, undefined> {
  readonly #source: Source<Value>
  readonly #material: Material<Value>
  #reading: Reading | undefined
  #isOver = false
  #giveUp: () => void = () => {}

  constructor(source: Source<Value>, material: Material<Value>) {
    this.#source = source
    this.#material = material
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /**
   * The next value; `done` at the end and after {@link release}. What the source throws passes through.
   * One at a time: the next is asked for when the last has come.
   *
   * @throws RangeError when the source gives what it must not.
   */
  next(): Promise<IteratorResult<Value, undefined>> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve(done)
      this.#pull(resolve, reject)
    })
  }

  /** Tells the source that no more is wanted, unless it has ended by itself. */
  release(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#giveUp()
    try {
      this.#reading ??= read(this.#source)
      // A generator that is thinking ends when it has thought; nobody waits for that.
      Promise.resolve(this.#reading.cancel()).catch(() => {})
      this.#reading.leave?.()
    } catch {
      // It could not even be opened: there is nothing to close.
    }
  }

  /** It has ended by itself. */
  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reading?.leave?.()
  }

  #pull(
    resolve: (result: IteratorResult<Value, undefined>) => void,
    reject: (error: unknown) => void,
  ): void {
    if (this.#isOver) {
      resolve(done)
      return
    }
    this.#reading ??= read(this.#source)
    const { is, name } = this.#material
    this.#reading.next().then(
      ({ done: ended, value }) => {
        if (ended) this.#end()
        if (ended || this.#isOver) resolve(done)
        else if (value === undefined || value === null) this.#pull(resolve, reject)
        else if (is(value)) resolve({ done: false, value })
        else reject(new RangeError(`the source gave a value of type ${typeOf(value)}, not ${name}`))
      },
      (error: unknown) => {
        this.#end()
        reject(error)
      },
    )
  }
}

/** The type as `Object.prototype.toString` tells it: it holds for values of another realm too. */
export function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

function read(source: Source<unknown>): Reading {
  // The iterators of streams are generators: their `return` waits until the pending read has ended.
  if (has(source, 'getReader')) {
    const reader = (source as unknown as ReadableStream).getReader()
    return {
      next: () => reader.read(),
      cancel: () => reader.cancel(),
      leave: () => reader.releaseLock(),
    }
  }
  const iterator = source[Symbol.asyncIterator]()
  return {
    next: () => iterator.next(),
    cancel: () => {
      if (has(source, 'destroy')) source.destroy()
      return iterator.return?.()
    },
  }
}

function has<Name extends string>(
  source: object,
  name: Name,
): source is { readonly [method in Name]: () => unknown } {
  return name in source && typeof (source as Record<string, unknown>)[name] === 'function'
}
