import { Buffer } from 'node:buffer'

const nothing = Buffer.alloc(0)

/** Bytes that come in parts, copied behind each other: a part would keep all of its chunk in memory. */
export class Payload {
  #bytes = nothing
  #length = 0

  get length(): number {
    return this.#length
  }

  add(part: Buffer): void {
    const length = this.#length + part.length
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length, 512))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    part.copy(this.#bytes, this.#length)
    this.#length = length
  }

  /** All that has come; from now on it is empty. */
  take(): Buffer {
    const all = this.#bytes.subarray(0, this.#length)
    this.clear()
    return all
  }

  clear(): void {
    this.#bytes = nothing
    this.#length = 0
  }
}
