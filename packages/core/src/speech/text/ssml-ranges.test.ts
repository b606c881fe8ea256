import { describe, expect, it } from 'vitest'
import { ssmlRanges } from './ssml-ranges'

/** Returns the parts of the text that must not be cut. */
const whole = (text: string) => ssmlRanges(text).map(({ start, end }) => text.slice(start, end))

describe('a range that must stay in one piece', () => {
  it('can be an element with its content', () => {
    expect(whole('a<sub alias="x">b<word>c</word>d</sub>e')).toEqual([
      '<sub alias="x">b<word>c</word>d</sub>',
    ])
    expect(whole('<word>a</word>b<break/>c')).toEqual(['<word>a</word>', '<break/>'])
  })

  it('can be a tag alone when its partner is missing', () => {
    expect(whole('a<word>b')).toEqual(['<word>'])
    expect(whole('a</word>b')).toEqual(['</word>'])
    expect(whole('<sub alias="x">a</word>b</sub>c')).toEqual(['<sub alias="x">a</word>b</sub>'])
    expect(whole('<word>a</sub>b')).toEqual(['<word>', '</sub>'])
  })

  it('contains only the tag of <speak>, which may enclose a whole text', () => {
    expect(whole('a<speak>b<word>c</word>d</speak>e')).toEqual([
      '<speak>',
      '<word>c</word>',
      '</speak>',
    ])
  })

  it('can be an entity', () => {
    expect(whole('R&amp;B & <word>a&lt;b</word>; &#x1F600; &#33;')).toEqual([
      '&amp;',
      '<word>a&lt;b</word>',
      '&#x1F600;',
      '&#33;',
    ])
  })

  it('does not include other text in angle brackets', () => {
    expect(whole('1 < 2 > 0 <b>c</b> <words>')).toEqual([])
  })
})
