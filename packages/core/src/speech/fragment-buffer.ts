import { splitText } from './split-text'

/** Passes fragments on as they come, none longer than a packet, and keeps surrogate pairs together. */
export class FragmentBuffer {
  readonly #maxBytes: number
  #half = ''

  /** @param maxBytes the longest packet, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(fragment: string): string[] {
    const text = this.#half + fragment
    const whole = /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text
    this.#half = text.slice(whole.length)
    return splitText(whole, this.#maxBytes)
  }

  flush(): string[] {
    const rest = this.#half
    this.#half = ''
    return splitText(rest, this.#maxBytes)
  }
}
