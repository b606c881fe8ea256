import { splitText } from './split-text'

/** Cuts fragments to the length of a packet, and joins surrogate pairs that two fragments split. */
export class FragmentBuffer {
  readonly #maxBytes: number
  #half = ''

  /** @param maxBytes Maximum size of a packet, in bytes of UTF-8. */
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
