import * as fc from 'fast-check'
import { splitText } from '../speech/text/split-text'

const utf8 = new TextEncoder()
const element =
  /<(word|sub|phoneme|say-as)\b[^<>]*>[^<>]*<\/\1>|<(?:break|insert-action)\b[^<>]*\/>|&#?\w{1,31};/g

const chinese = [
  '你好，',
  '世界。',
  '今天天气很好！',
  '数智人',
  '……',
  '“请进。”',
  '（稍等）；',
  '㐂𠮷',
]
const english = [
  'Hello ',
  'world. ',
  'Pi is 3.14, ',
  'He said "Go." ',
  'e.g. ',
  'café',
  '\n',
  'naïve—',
]
const emoji = ['😀', '👩🏽‍🚀', '👨‍👩‍👧‍👦', '🇨🇳', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'e\u0301\u0323']
const ssml = [
  '<break time="1s"/>',
  '<word>一起。</word>',
  '<sub alias="a. b">TV</sub>',
  '<phoneme alphabet="py" ph="chong2">重</phoneme>',
  '<insert-action type="wave"/>',
  '&amp;',
  '&#x1F600;',
  '</word>',
  '<',
  '1 < 2 ',
]

const parts = fc.oneof(
  ...[chinese, english, emoji, ssml].map((from) => fc.constantFrom(...from)),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

/** Mixtures of Chinese, English, emoji and SSML, with limits from 60 bytes to one packet. */
export const splitterCases = fc.record({
  text: fc.array(parts, { maxLength: 60, size: 'max' }).map((found) => found.join('')),
  maxBytes: fc.oneof(fc.integer({ min: 60, max: 200 }), fc.constantFrom(1_000, 2_000, 4_000)),
})

/** Returns the first fault of the pieces of a text, or undefined. */
export function splitterFault(text: string, maxBytes: number): string | undefined {
  const pieces = splitText(text, maxBytes)
  if (pieces.join('') !== text) return 'the joined pieces differ from the text'
  for (const piece of pieces) {
    if (piece === '') return 'a piece is empty'
    if (utf8.encode(piece).length > maxBytes) return `a piece is longer than ${maxBytes} bytes`
    if (/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(piece)) return 'a code point is broken'
  }
  const elements = (from: string) => from.match(element)?.length ?? 0
  const kept = pieces.reduce((sum, piece) => sum + elements(piece), 0)
  return kept === elements(text) ? undefined : 'an SSML element or entity is broken'
}

/** Runs the cases of one seed. Throws with the shortest text that has a fault. */
export function runSplitterCases(count: number, seed: number): void {
  // Discard the result: its type allows a promise, but a synchronous property runs synchronously.
  void fc.assert(
    fc.property(splitterCases, ({ text, maxBytes }) => {
      const fault = splitterFault(text, maxBytes)
      if (fault) throw new Error(fault)
    }),
    { numRuns: count, seed },
  )
}
