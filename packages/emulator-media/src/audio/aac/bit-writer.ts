/** Bits, the highest first, into a buffer that is used again for every frame. */
export class BitWriter {
  #bytes = new Uint8Array(1024)
  #length = 0
  #pending = 0
  #count = 0

  /** At most 24 bits at once. */
  write(value: number, bits: number): void {
    this.#pending = ((this.#pending << bits) | value) >>> 0
    this.#count += bits
    while (this.#count >= 8) {
      this.#count -= 8
      if (this.#length === this.#bytes.length) this.#grow()
      this.#bytes[this.#length++] = this.#pending >>> this.#count
      this.#pending &= (1 << this.#count) - 1
    }
  }

  /** Fills the last byte with zeros, hands everything out and begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    if (this.#count > 0) this.write(0, 8 - this.#count)
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
