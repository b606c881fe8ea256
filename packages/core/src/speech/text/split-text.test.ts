import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText } from './split-text'

const utf8 = new TextEncoder()

describe('splitText', () => {
  it('returns a short text in one piece, and no piece for an empty text', () => {
    expect(splitText('Hello there.', 4000)).toEqual(['Hello there.'])
    expect(splitText('', 4000)).toEqual([])
  })

  it('cuts after a sentence when possible', () => {
    expect(splitText('One two. Three four. Five six.', 22)).toEqual([
      'One two. Three four.',
      ' Five six.',
    ])
    expect(splitText('你好。今天天气很好！再见。', 30)).toEqual(['你好。今天天气很好！', '再见。'])
  })

  it('keeps a closing quote with its sentence', () => {
    expect(splitText('“你好。”他说。', 12)).toEqual(['“你好。', '”他说。'])
    expect(splitText('He said "Go." Then left.', 16)).toEqual(['He said "Go."', ' Then left.'])
  })

  it('does not cut at a decimal point', () => {
    expect(splitText('Pi is 3.14159 or so', 12)).toEqual(['Pi is ', '3.14159 or ', 'so'])
  })

  it('cuts after a clause, otherwise after a word, otherwise between characters', () => {
    expect(splitText('red, green and blue', 12)).toEqual(['red,', ' green and ', 'blue'])
    expect(splitText('abcdefgh', 5)).toEqual(['abcde', 'fgh'])
  })

  it('keeps a combined emoji whole', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(splitText(`aaaa${family}`, 27)).toEqual(['aaaa', family])
  })

  it('keeps an SSML element whole', () => {
    const text = 'Say <sub alias="tee. vee. and more.">TV</sub> now. And go on.'
    expect(splitText(text, 52)).toEqual([
      'Say <sub alias="tee. vee. and more.">TV</sub> now.',
      ' And go on.',
    ])
    expect(splitText(text, 45)).toEqual([
      'Say ',
      '<sub alias="tee. vee. and more.">TV</sub> ',
      'now. And go on.',
    ])
  })

  it('keeps an entity whole, and does not cut at its semicolon', () => {
    expect(splitText('aaaaaaaa&amp; b', 12)).toEqual(['aaaaaaaa', '&amp; b'])
    expect(splitText('One two. R&amp;B is here', 20)).toEqual(['One two.', ' R&amp;B is here'])
    expect(splitText('R & B; and so on', 10)).toEqual(['R & B;', ' and so on'])
  })

  it('does not cut between the marks that end one sentence', () => {
    expect(splitText('好。真的？！好', 15)).toEqual(['好。', '真的？！好'])
  })

  it('cuts a row of flags only between two flags', () => {
    for (const before of ['', 'a', '你', '😀']) {
      for (const piece of splitText(before + '🇨🇳'.repeat(100), 150)) {
        expect(piece.replaceAll('🇨🇳', '').replace(before, '')).toBe('')
      }
    }
  })

  it('rejects an SSML element above the limit, and a limit below one code point', () => {
    expect(() => splitText(`<word>${'a'.repeat(50)}</word>`, 30)).toThrow(/SSML element/)
    expect(() => splitText('abc', 3)).toThrow(RangeError)
  })

  it('treats other angle brackets as text', () => {
    expect(splitText('1 < 2 and 3 > 2, <b>bold</b>', 10).join('')).toBe(
      '1 < 2 and 3 > 2, <b>bold</b>',
    )
  })

  const part = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(
      '你好，',
      '世界。',
      'Hello ',
      'world. ',
      '3.14',
      '👩🏽‍🚀',
      '🇨🇳',
      '\n',
      '…',
      '"',
      '<',
      'é',
    ),
    fc.constantFrom('<break time="1s"/>', '<word>go</word>', '<sub alias="x">y</sub>', '</word>'),
  )
  const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''))

  it('keeps the limit, breaks no code point, and joins to the input', async () => {
    await fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 200 }), (input, limit) => {
        const pieces = splitText(input, limit)
        expect(pieces.join('')).toBe(input)
        for (const piece of pieces) {
          expect(utf8.encode(piece).length).toBeLessThanOrEqual(limit)
          expect(piece).not.toBe('')
          expect(/^[\uDC00-\uDFFF]/.test(piece)).toBe(false)
          expect(/[\uD800-\uDBFF]$/.test(piece)).toBe(false)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('cuts no SSML element', async () => {
    await fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 80 }), (input, limit) => {
        for (const piece of splitText(input, limit)) {
          expect(piece.match(/<sub/g)?.length).toBe(piece.match(/<\/sub>/g)?.length)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the limit', () => {
  it('may be reached exactly, and may be as small as one code point', () => {
    expect(splitText('Hi. Yo', 6)).toEqual(['Hi. Yo'])
    expect(splitText('😀a', 4)).toEqual(['😀', 'a'])
    expect(() => splitText('a', 3)).toThrow(/at least 4, got 3/)
  })

  it('cuts a combined character above the limit, but no code point', () => {
    expect(splitText('👨‍👩‍👧‍👦', 8).join('')).toBe('👨‍👩‍👧‍👦')
    expect(splitText('👨‍👩‍👧‍👦 <break/>', 8).at(-1)).toBe('<break/>')
  })
})
