import { padMessage, toHex } from './merkle-damgard'

/** The four rounds of RFC 1321 §3.4: rotations, mixing function and order of the message words. */
const rounds: readonly {
  readonly shifts: readonly number[]
  readonly mix: (b: number, c: number, d: number) => number
  readonly word: (step: number) => number
}[] = [
  { shifts: [7, 12, 17, 22], mix: (b, c, d) => (b & c) | (~b & d), word: (step) => step },
  { shifts: [5, 9, 14, 20], mix: (b, c, d) => (b & d) | (c & ~d), word: (step) => 5 * step + 1 },
  { shifts: [4, 11, 16, 23], mix: (b, c, d) => b ^ c ^ d, word: (step) => 3 * step + 5 },
  { shifts: [6, 10, 15, 21], mix: (b, c, d) => c ^ (b | ~d), word: (step) => 7 * step },
]

let sines: DataView | undefined

/**
 * The table T of RFC 1321, from its definition. No entry is nearer than 0.015 to a whole
 * number, ten thousand times the error a JavaScript engine's `Math.sin` can make here.
 */
function sineTable(): DataView {
  const table = new DataView(new ArrayBuffer(64 * 4))
  for (let step = 0; step < 64; step++) {
    table.setUint32(step * 4, Math.abs(Math.sin(step + 1)) * 2 ** 32)
  }
  return table
}

/** MD5 (RFC 1321) in lower-case hex, for runtimes without `node:crypto`. */
export function md5(message: Uint8Array): string {
  sines ??= sineTable()
  const blocks = padMessage(message, true)
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < blocks.byteLength; block += 64) {
    const before = [a, b, c, d] as const
    let step = 0
    for (const { shifts, mix, word } of rounds) {
      for (let turn = 0; turn < 4; turn++) {
        for (const shift of shifts) {
          const sum =
            (a +
              mix(b, c, d) +
              blocks.getUint32(block + (word(step) % 16) * 4, true) +
              sines.getUint32(step * 4)) |
            0
          a = d
          d = c
          c = b
          b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
          step++
        }
      }
    }
    a = (a + before[0]) | 0
    b = (b + before[1]) | 0
    c = (c + before[2]) | 0
    d = (d + before[3]) | 0
  }
  const digest = new DataView(new ArrayBuffer(16))
  digest.setUint32(0, a, true)
  digest.setUint32(4, b, true)
  digest.setUint32(8, c, true)
  digest.setUint32(12, d, true)
  return toHex(digest)
}
