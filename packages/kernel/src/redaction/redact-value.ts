import { hidden, namesSecret, redactText } from './redact-text'

/** Maximum number of objects in a copy. A value such as a socket may refer to a large part of the process. */
const mostObjects = 20_000
const deepest = 200
const cut = '[too much to show]'

/**
 * Returns a deep copy of a value with every secret redacted. Maps, sets, dates and errors keep their type.
 * Headers and query parameters become maps, bytes become their count, and cycles become `[circular]`.
 */
export function redact(value: unknown): unknown {
  return new Copying().copyOf(value)
}

/** Returns the redacted copy, or the value itself if it contains no secret. */
export function redactUnlessClean(value: unknown): unknown {
  const copying = new Copying()
  const copy = copying.copyOf(value)
  return copying.hid ? copy : value
}

/** Copies one value with all values that it refers to, and records whether it contained a secret. */
class Copying {
  /** True when the copy omits or redacts something. */
  hid = false
  /** The finished copies. An object maps to itself while it is being copied. */
  readonly #copies = new Map<object, unknown>()
  #depth = 0

  copyOf(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null) return value
    if (this.#copies.has(value)) {
      const copy = this.#copies.get(value)
      return copy === value ? '[circular]' : copy
    }
    if (this.#copies.size >= mostObjects || this.#depth >= deepest) {
      this.hid = true
      return cut
    }
    this.#copies.set(value, value)
    this.#depth += 1
    const copy = this.#object(value)
    this.#depth -= 1
    this.#copies.set(value, copy)
    return copy
  }

  #object(value: object): unknown {
    if (Array.isArray(value)) return this.#list(value)
    if (value instanceof Date) return new Date(value)
    if (value instanceof Map) return this.#map(value)
    if (value instanceof Set) return new Set([...value].map((item) => this.copyOf(item)))
    if (value instanceof Error) return this.#error(value)
    if (value instanceof URL) return this.#text(value.href)
    if (isPairs(value)) return this.#map(value)
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    return Object.fromEntries(this.#members(value))
  }

  /** Copies a list. Names and values may alternate, as in raw headers, or be pairs. */
  #list(items: readonly unknown[]): unknown[] {
    return items.map((item, index) => {
      const before = items[index - 1]
      const named = typeof item === 'string' && namesSecret(before) && !namesSecret(item)
      return named ? this.#member(before, item) : this.copyOf(item)
    })
  }

  #map(entries: Iterable<readonly [unknown, unknown]>): Map<unknown, unknown> {
    return new Map(
      [...entries].map(([name, item]) => [this.copyOf(name), this.#member(name, item)]),
    )
  }

  #error(error: Error): Error {
    const copy = new Error(this.#text(error.message))
    copy.name = error.name
    // Copy `stack`, `cause` and `errors` by name: they are not enumerable, unlike the members that a
    // transport adds.
    if (error.stack !== undefined) copy.stack = this.#text(error.stack)
    if ('cause' in error) define(copy, 'cause', this.copyOf(error.cause))
    if (error instanceof AggregateError) define(copy, 'errors', this.copyOf(error.errors))
    for (const [name, item] of this.#members(error)) {
      if (!Object.hasOwn(copy, name)) define(copy, name, item, true)
    }
    return copy
  }

  #members(value: object): [string, unknown][] {
    return Object.entries(value).map(([name, item]) => [this.#text(name), this.#member(name, item)])
  }

  #member(name: unknown, item: unknown): unknown {
    if (!namesSecret(name)) return this.copyOf(item)
    if (item !== hidden && item !== '' && item !== undefined && item !== null) this.hid = true
    return hidden
  }

  #text(text: string): string {
    const shown = redactText(text)
    if (shown !== text) this.hid = true
    return shown
  }
}

function define(copy: Error, name: string, value: unknown, enumerable = false): void {
  Object.defineProperty(copy, name, { value, enumerable, configurable: true, writable: true })
}

/**
 * True for headers and query parameters. Checks the tag of the object, because a reference to the class would
 * load it.
 */
function isPairs(value: object): value is Iterable<readonly [unknown, unknown]> {
  const name = Object.prototype.toString.call(value)
  return name === '[object Headers]' || name === '[object URLSearchParams]'
}
