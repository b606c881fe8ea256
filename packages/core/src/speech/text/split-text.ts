import { sentenceEnds } from './sentence-end'
import { isWithin, type Range, ssmlRanges } from './ssml-ranges'

const utf8 = new TextEncoder()

/** Ends of clauses, where a speaker breathes. */
const clauseEnd = /[，,、：:—]/gu
const whiteSpace = /\s/gu

/** One half of a flag. */
const regionalIndicator = /^\p{Regional_Indicator}$/u
const lowSurrogate = /[\uDC00-\uDFFF]/

const endsOf = (pattern: RegExp) => (text: string) =>
  [...text.matchAll(pattern)].map(({ 0: whole, index }) => ({ index, end: index + whole.length }))

/** Places to cut, best first: after a sentence, a clause, a word. */
const breaks = [sentenceEnds, endsOf(clauseEnd), endsOf(whiteSpace)] as const

/**
 * The segmenter of characters. It is created on first use, because creating it is slow and importing the
 * package must be fast.
 */
let segmenter: Intl.Segmenter | undefined
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter
}

/**
 * Cuts a text into pieces of at most `maxBytes` of UTF-8: after a sentence if possible, else after a
 * clause, else after a word, else between two characters. It never cuts a surrogate pair, an SSML element
 * with its content, or an entity (`&amp;`). It cuts a combined character (an emoji with its modifiers) only
 * if that character alone exceeds the limit.
 *
 * The joined pieces equal the text.
 *
 * @throws RangeError when `maxBytes` is below 4 (the longest code point), or when one SSML element or
 * entity alone is longer than `maxBytes`.
 */
export function splitText(text: string, maxBytes: number): string[] {
  if (!(maxBytes >= 4)) throw new RangeError(`maxBytes must be at least 4, got ${maxBytes}`)
  const pieces: string[] = []
  let rest = text
  while (Buffer.byteLength(rest) > maxBytes) {
    const end = cutWithin(rest, unitsWithin(rest, maxBytes), maxBytes)
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  if (rest !== '') pieces.push(rest)
  return pieces
}

/** Returns the number of code units from the start that fit into `maxBytes`. Never cuts a surrogate pair. */
function unitsWithin(text: string, maxBytes: number): number {
  return utf8.encodeInto(text, new Uint8Array(maxBytes)).read
}

/** Returns the best place to cut at or before `limit` code units; always above 0. */
function cutWithin(text: string, limit: number, maxBytes: number): number {
  const ranges = ssmlRanges(text)
  const head = text.slice(0, limit)
  // Include one more character: a full stop counts only before white space.
  const searched = text.slice(0, limit + 1)
  for (const find of breaks) {
    const last = find(searched).findLast(
      ({ index, end }) => end <= limit && !isWithin(ranges, index),
    )
    if (last) return last.end
  }
  const cut = outside(ranges, graphemeStart(text, head.length))
  if (cut > 0) return cut
  // An element, an entity or one combined character starts here and does not fit.
  if (ranges[0]?.start === 0) {
    throw new RangeError(
      `an SSML element or entity is longer than ${maxBytes} bytes and cannot be split`,
    )
  }
  return limit
}

/** Returns `position`, or the start of the range that contains it. */
function outside(ranges: readonly Range[], position: number): number {
  const range = ranges.find(({ start, end }) => position > start && position < end)
  return range ? range.start : position
}

/** Returns `position`, or the start of the combined character that contains it. */
function graphemeStart(text: string, position: number): number {
  // Segment only 64 units on each side: segmenting is slow, and no combined character is longer.
  let from = Math.max(0, position - 64)
  if (lowSurrogate.test(text.charAt(from))) from -= 1
  // Go back to the start of a row of flags: two indicators make a flag, and the pairs count from the start.
  while (from > 0 && regionalIndicator.test(text.slice(from - 2, from))) from -= 2
  const segment = graphemes()
    .segment(text.slice(from, position + 64))
    .containing(position - from)
  return segment ? from + segment.index : position
}
