/**
 * The table T of RFC 1321 §3.4, from its definition. No entry is nearer than 0.015 to a whole
 * number, ten thousand times the error a JavaScript engine's `Math.sin` can make here.
 */
const sines = /* @__PURE__ */ Int32Array.from(
  { length: 64 },
  (_, step) => Math.abs(Math.sin(step + 1)) * 2 ** 32,
)

const hexDigits = /* @__PURE__ */ Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/**
 * MD5 (RFC 1321) of up to 512 MB, in pieces. The one block of a signature is done here in less
 * time than it takes to put its text together and to cross over to OpenSSL (`bench/RESULTS.md`),
 * so Node uses it like every other runtime.
 */
export class Md5 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  readonly #block = new Int32Array(16)
  #length = 0

  append(bytes: Uint8Array): this {
    for (const byte of bytes) this.#push(byte)
    return this
  }

  /** Appends a text that is known to have ASCII characters only. */
  appendAscii(text: string): this {
    for (let index = 0; index < text.length; index++) this.#push(text.charCodeAt(index))
    return this
  }

  /** Becomes what `other` is now, so that what both begin with is digested once. */
  copy(other: Md5): this {
    for (let index = 0; index < 4; index++) this.#state[index] = other.#state[index] ?? 0
    for (let index = 0; index < 16; index++) this.#block[index] = other.#block[index] ?? 0
    this.#length = other.#length
    return this
  }

  /** Ends the message: nothing can follow but a `copy`. In lower-case hex. */
  hex(): string {
    const length = this.#length
    this.#push(0x80)
    if (this.#length % 64 > 56) this.#mixIn()
    this.#block[14] = length * 8
    mixBlock(this.#state, this.#block)
    const [a = 0, b = 0, c = 0, d = 0] = this.#state
    return hexOf(a, b, c, d)
  }

  #push(byte: number): void {
    const at = this.#length++ % 64
    this.#block[at >> 2] = (this.#block[at >> 2] ?? 0) | (byte << ((at % 4) * 8))
    if (at === 63) this.#mixIn()
  }

  #mixIn(): void {
    mixBlock(this.#state, this.#block)
    this.#block.fill(0)
  }
}

/**
 * The four rounds of RFC 1321 §3.4. Each sum ends with what the step before it has changed, so
 * that a processor can have the rest of it ready.
 */
function mixBlock(state: Int32Array, x: Int32Array): void {
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  for (let i = 0; i < 16; i += 4) {
    a = turn((x[i] ?? 0) + (sines[i] ?? 0) + a + (d ^ (b & (c ^ d))), 7, b)
    d = turn((x[i + 1] ?? 0) + (sines[i + 1] ?? 0) + d + (c ^ (a & (b ^ c))), 12, a)
    c = turn((x[i + 2] ?? 0) + (sines[i + 2] ?? 0) + c + (b ^ (d & (a ^ b))), 17, d)
    b = turn((x[i + 3] ?? 0) + (sines[i + 3] ?? 0) + b + (a ^ (c & (d ^ a))), 22, c)
  }
  for (let i = 16; i < 32; i += 4) {
    a = turn((x[(5 * i + 1) % 16] ?? 0) + (sines[i] ?? 0) + a + (c & ~d) + (b & d), 5, b)
    d = turn((x[(5 * i + 6) % 16] ?? 0) + (sines[i + 1] ?? 0) + d + (b & ~c) + (a & c), 9, a)
    c = turn((x[(5 * i + 11) % 16] ?? 0) + (sines[i + 2] ?? 0) + c + (a & ~b) + (d & b), 14, d)
    b = turn((x[(5 * i) % 16] ?? 0) + (sines[i + 3] ?? 0) + b + (d & ~a) + (c & a), 20, c)
  }
  for (let i = 32; i < 48; i += 4) {
    a = turn((x[(3 * i + 5) % 16] ?? 0) + (sines[i] ?? 0) + a + (b ^ c ^ d), 4, b)
    d = turn((x[(3 * i + 8) % 16] ?? 0) + (sines[i + 1] ?? 0) + d + (a ^ b ^ c), 11, a)
    c = turn((x[(3 * i + 11) % 16] ?? 0) + (sines[i + 2] ?? 0) + c + (d ^ a ^ b), 16, d)
    b = turn((x[(3 * i + 14) % 16] ?? 0) + (sines[i + 3] ?? 0) + b + (c ^ d ^ a), 23, c)
  }
  for (let i = 48; i < 64; i += 4) {
    a = turn((x[(7 * i) % 16] ?? 0) + (sines[i] ?? 0) + a + (c ^ (b | ~d)), 6, b)
    d = turn((x[(7 * i + 7) % 16] ?? 0) + (sines[i + 1] ?? 0) + d + (b ^ (a | ~c)), 10, a)
    c = turn((x[(7 * i + 14) % 16] ?? 0) + (sines[i + 2] ?? 0) + c + (a ^ (d | ~b)), 15, d)
    b = turn((x[(7 * i + 5) % 16] ?? 0) + (sines[i + 3] ?? 0) + b + (d ^ (c | ~a)), 21, c)
  }
  state[0] = (state[0] ?? 0) + a
  state[1] = (state[1] ?? 0) + b
  state[2] = (state[2] ?? 0) + c
  state[3] = (state[3] ?? 0) + d
}

function turn(sum: number, bits: number, onto: number): number {
  return (((sum << bits) | (sum >>> (32 - bits))) + onto) | 0
}

/** Four words in hex, the least significant byte first. One call, because each one costs. */
function hexOf(a: number, b: number, c: number, d: number): string {
  // biome-ignore format: a row for each word
  return String.fromCharCode(
    digit(a >>> 4), digit(a), digit(a >>> 12), digit(a >>> 8), digit(a >>> 20), digit(a >>> 16), digit(a >>> 28), digit(a >>> 24),
    digit(b >>> 4), digit(b), digit(b >>> 12), digit(b >>> 8), digit(b >>> 20), digit(b >>> 16), digit(b >>> 28), digit(b >>> 24),
    digit(c >>> 4), digit(c), digit(c >>> 12), digit(c >>> 8), digit(c >>> 20), digit(c >>> 16), digit(c >>> 28), digit(c >>> 24),
    digit(d >>> 4), digit(d), digit(d >>> 12), digit(d >>> 8), digit(d >>> 20), digit(d >>> 16), digit(d >>> 28), digit(d >>> 24),
  )
}

/** The character of the lowest four bits. */
function digit(bits: number): number {
  return hexDigits[bits & 15] ?? 0
}
