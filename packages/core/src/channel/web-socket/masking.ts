import type { Buffer } from 'node:buffer'
import { randomFillSync } from 'node:crypto'

const keys = new Int32Array(1024)
let used = keys.length

/** A key that nobody can foresee (RFC 6455, 5.3); they are drawn in blocks, as one draw costs more than a frame. */
export function nextMaskingKey(): number {
  if (used === keys.length) {
    randomFillSync(keys)
    used = 0
  }
  return keys[used++] ?? 0
}

/**
 * Masks bytes where they lie, 32 bits at a time. `words` is the same memory as `bytes`, which must begin
 * at an address that four divides. The first octet of `key` is its lowest.
 */
export function mask(
  bytes: Buffer,
  words: Int32Array,
  start: number,
  end: number,
  key: number,
): void {
  let at = start
  let turned = key
  for (; at < end && (at & 3) !== 0; at++) {
    bytes[at] = (bytes[at] ?? 0) ^ (turned & 0xff)
    turned = (turned >>> 8) | (turned << 24)
  }
  const last = end >>> 2
  const whole = isLittleEndian ? turned : swapped(turned)
  let word = at >>> 2
  for (; word < last; word++) words[word] = (words[word] ?? 0) ^ whole
  for (at = Math.max(at, last << 2); at < end; at++) {
    bytes[at] = (bytes[at] ?? 0) ^ (turned & 0xff)
    turned = (turned >>> 8) | (turned << 24)
  }
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff)
}
