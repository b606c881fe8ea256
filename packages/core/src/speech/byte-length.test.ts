import { describe, expect, it } from 'vitest'
import { byteLength, unitsWithin } from './byte-length'

const utf8 = new TextEncoder()
/** The first and last character of each length in UTF-8, and surrogates at the ends of their ranges. */
const edges = [
  ...['\u0000', '\u007F', '\u0080', '\u07FF', '\u0800', '\uD7FF', '\uE000', '\uFFFF'],
  ...['\u{10000}', '\u{103FF}', '\u{10FC00}', '\u{10FFFF}'],
  ...['\uD800', '\uDBFF', '\uDC00', '\uDFFF'],
]
const pairs = edges.flatMap((first) => edges.map((second) => first + second))

describe('the bytes of a text', () => {
  it.each([...edges, ...pairs].map((text) => [unitsOf(text), text]))('%s', (_name, text) => {
    const bytes = utf8.encode(text).length
    expect(byteLength(text)).toBe(bytes)
    expect(unitsWithin(text, bytes)).toBe(text.length)
    const fitting = unitsWithin(text, bytes - 1)
    expect(fitting).toBeLessThan(text.length)
    const [head, rest] = [text.slice(0, fitting), text.slice(fitting)]
    // Cut in two, it has as many bytes as whole only when no pair was broken.
    expect(utf8.encode(head).length + utf8.encode(rest).length).toBe(bytes)
    const [next = ''] = rest
    expect(utf8.encode(head + next).length).toBe(bytes)
  })
})

function unitsOf(text: string): string {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16)).join(' ')
}
