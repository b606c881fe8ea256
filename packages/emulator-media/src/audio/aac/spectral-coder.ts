import type { BitWriter } from './bit-writer'
import { type Codebook, SPECTRAL_BOOKS } from './codebooks'

const ESCAPE_BOOK = 11
const ESCAPE = 16
/** The largest magnitude that an escape can tell. */
export const LARGEST_LINE = 8191

/** The first codebook that reaches a magnitude; all but the last come in pairs that number symbols alike. */
const FIRST_BOOKS = Uint8Array.from({ length: ESCAPE + 1 }, (_, largest) =>
  Math.min(SPECTRAL_BOOKS.findIndex((book) => largest <= book.largest) + 1, ESCAPE_BOOK),
)

/** Levels of spectral lines and the symbols that stand for them, each at the place of its first line. */
export class SpectralCoder {
  readonly #lines: Int16Array
  readonly #symbols: Uint16Array

  constructor(lines: Int16Array) {
    this.#lines = lines
    this.#symbols = new Uint16Array(lines.length)
  }

  /**
   * Finds the symbols of the lines, of which `largest` is the greatest magnitude: gives the number of
   * the codebook that needs the fewest bits for them, 0 if all are 0.
   */
  encode(from: number, to: number, largest: number): number {
    if (largest === 0) return 0
    const first = FIRST_BOOKS[Math.min(largest, ESCAPE)] ?? ESCAPE_BOOK
    const book = bookOf(first)
    const other = first === ESCAPE_BOOK ? book : bookOf(first + 1)
    let bits = 0
    let otherBits = 0
    for (let line = from; line < to; line += book.lines) {
      const symbol = symbolAt(book, this.#lines, line)
      this.#symbols[line] = symbol
      bits += book.bits[symbol] ?? 0
      otherBits += other.bits[symbol] ?? 0
    }
    return bits <= otherBits ? first : first + 1
  }

  /** Writes lines that have been encoded with this codebook. */
  write(writer: BitWriter, number: number, from: number, to: number): void {
    const book = bookOf(number)
    const lines = this.#lines
    for (let line = from; line < to; line += book.lines) {
      const symbol = this.#symbols[line] ?? 0
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
