/** A stream of the caller. */
export type Source<Value> = AsyncIterable<Value>

export function isSource(value: unknown): value is Source<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** The kind of value that a source must produce. */
export interface Material<Value> {
  readonly is: (value: unknown) => value is Value
  /** Name of the kind of value, used in error messages. */
  readonly name: string
}

interface Reading {
  next(): Promise<IteratorResult<unknown, unknown>>
  cancel(): unknown
  /** Releases the lock of a stream. */
  unlock?(): void
}

const done = { done: true, value: undefined } as const

/**
 * Reads a source once, one value at a time. `release` closes the source at any moment, even during a read
 * and even when it was never read, so that the answer of a language model or a file does not stay open.
 * `null` and `undefined` are skipped: some models produce empty chunks.
 */
export class SourceReader<Value> implements AsyncIterableIterator<Value, undefined, undefined> {
  readonly #source: Source<unknown>
  readonly #material: Material<Value>
  #reading: Reading | undefined
  #isOver = false
  #endRead: () => void = () => {}

  constructor(source: Source<unknown>, material: Material<Value>) {
    this.#source = source
    this.#material = material
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /**
   * Returns the next value; `done` at the end and after {@link release}. Rejects with the error of the
   * source. Call it again only after the last call has settled.
   *
   * @throws RangeError when the source produces a value of another type.
   */
  next(): Promise<IteratorResult<Value, undefined>> {
    return new Promise((resolve, reject) => {
      this.#endRead = () => resolve(done)
      this.#read().then(resolve, reject)
    })
  }

  /** Closes the source, unless it has ended itself. */
  release(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#endRead()
    try {
      this.#reading ??= openReading(this.#source)
      // Do not wait: a generator ends only after its pending read.
      Promise.resolve(this.#reading.cancel()).catch(() => {})
      this.#reading.unlock?.()
    } catch {
      // Ignore the error: the source could not be opened, so there is nothing to close.
    }
  }

  async #read(): Promise<IteratorResult<Value, undefined>> {
    const { is, name } = this.#material
    for (;;) {
      if (this.#isOver) return done
      this.#reading ??= openReading(this.#source)
      let result: IteratorResult<unknown, unknown>
      try {
        result = await this.#reading.next()
      } catch (error) {
        this.#end()
        throw error
      }
      if (result.done) this.#end()
      if (this.#isOver) return done
      const { value } = result
      if (value === undefined || value === null) continue
      if (is(value)) return { done: false, value }
      const message = `the source produced a value of type ${typeOf(value)}, not ${name}`
      throw new RangeError(`${message}${adviceOn(value)}`)
    }
  }

  /** Records that the source has ended itself. */
  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reading?.unlock?.()
  }
}

/**
 * Returns the type as `Object.prototype.toString` reports it, which is also right for values of another
 * realm.
 */
export function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Says what to write instead, for the streams of well-known libraries. */
function adviceOn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  if ('choices' in value) {
    return '. For a stream of OpenAI, write an async generator that yields chunk.choices[0]?.delta?.content'
  }
  if ('type' in value && typeof value.type === 'string') {
    return '. For a fullStream of the AI SDK, pass the textStream of the same result'
  }
  if ('content' in value) {
    return '. For a stream of messages, write an async generator that yields chunk.content'
  }
  return ArrayBuffer.isView(value)
    ? '. For bytes of text, pipe the stream through TextDecoderStream'
    : ''
}

function openReading(source: Source<unknown>): Reading {
  // Use the reader: the iterator of a ReadableStream is a generator, and its `return` waits for the pending
  // read.
  if (has(source, 'getReader')) {
    const reader = (source as unknown as ReadableStream).getReader()
    return {
      next: () => reader.read(),
      cancel: () => reader.cancel(),
      unlock: () => reader.releaseLock(),
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
