import type { BitWriter } from './bit-writer'
import { type Codebook, SPECTRAL_BOOKS } from './codebooks'

const ESCAPE_BOOK = 11
const ESCAPE = 16
/** The largest magnitude that an escape can tell. */
export const LARGEST_LINE = 8191

/** The number of the codebook that needs the fewest bits for these lines, 0 if all are 0. */
export function cheapestBook(lines: Int16Array, from: number, to: number): number {
  let largest = 0
  for (let line = from; line < to; line++) largest = Math.max(largest, Math.abs(lines[line] ?? 0))
  if (largest === 0) return 0
  const first = SPECTRAL_BOOKS.findIndex((book) => largest <= book.largest) + 1
  if (first === 0 || first === ESCAPE_BOOK) return ESCAPE_BOOK
  return costOf(first, lines, from, to) <= costOf(first + 1, lines, from, to) ? first : first + 1
}

function costOf(number: number, lines: Int16Array, from: number, to: number): number {
  const book = bookOf(number)
  let bits = 0
  for (let line = from; line < to; line += book.lines) {
    bits += book.bits[symbolAt(book, lines, line)] ?? 0
  }
  if (book.signed) return bits
  for (let line = from; line < to; line++) if (lines[line] !== 0) bits += 1
  return bits
}

export function writeLines(
  writer: BitWriter,
  number: number,
  lines: Int16Array,
  from: number,
  to: number,
): void {
  const book = bookOf(number)
  for (let line = from; line < to; line += book.lines) {
    const symbol = symbolAt(book, lines, line)
    writer.write(book.words[symbol] ?? 0, book.bits[symbol] ?? 0)
    if (book.signed) continue
    const last = line + book.lines
    for (let at = line; at < last; at++) {
      const value = lines[at] ?? 0
      if (value !== 0) writer.write(value < 0 ? 1 : 0, 1)
    }
    if (number !== ESCAPE_BOOK) continue
    for (let at = line; at < last; at++) writeEscape(writer, Math.abs(lines[at] ?? 0))
  }
}

/** A one for every bit beyond four, a zero, and the bits behind the first. */
function writeEscape(writer: BitWriter, size: number): void {
  if (size < ESCAPE) return
  const bits = 31 - Math.clz32(size)
  writer.write((1 << (bits - 3)) - 2, bits - 3)
  writer.write(size - (1 << bits), bits)
}

/** Lines are the digits of a symbol, the first the highest. */
function symbolAt({ largest, lines: count, signed }: Codebook, lines: Int16Array, from: number) {
  const base = signed ? largest * 2 + 1 : largest + 1
  let symbol = 0
  for (let line = from; line < from + count; line++) {
    const value = lines[line] ?? 0
    symbol = symbol * base + (signed ? value + largest : Math.min(Math.abs(value), largest))
  }
  return symbol
}

function bookOf(number: number): Codebook {
  const book = SPECTRAL_BOOKS[number - 1]
  if (!book) throw new RangeError(`There is no codebook ${number}.`)
  return book
}
