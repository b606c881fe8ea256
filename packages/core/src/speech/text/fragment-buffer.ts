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
    const last = text.charCodeAt(text.length - 1)
    this.#half = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
    return splitText(this.#half ? text.slice(0, -1) : text, this.#maxBytes)
  }

  flush(): string[] {
    const rest = this.#half
    this.#half = ''
    return splitText(rest, this.#maxBytes)
  }
}
