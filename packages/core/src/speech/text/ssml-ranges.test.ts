import { describe, expect, it } from 'vitest'
import { incompleteFrom, ssmlRanges } from './ssml-ranges'

/** The stretches that must not be cut inside. */
const whole = (text: string) => ssmlRanges(text).map(({ start, end }) => text.slice(start, end))

describe('what must stay in one piece', () => {
  it('is an element with all that is in it', () => {
    expect(whole('a<sub alias="x">b<word>c</word>d</sub>e')).toEqual([
      '<sub alias="x">b<word>c</word>d</sub>',
    ])
    expect(whole('<word>a</word>b<break/>c')).toEqual(['<word>a</word>', '<break/>'])
  })

  it('is a tag alone when its partner is missing, and the partner of another is none', () => {
    expect(whole('a<word>b')).toEqual(['<word>'])
    expect(whole('a</word>b')).toEqual(['</word>'])
    expect(whole('<sub alias="x">a</word>b</sub>c')).toEqual(['<sub alias="x">a</word>b</sub>'])
    expect(whole('<word>a</sub>b')).toEqual(['<word>', '</sub>'])
  })

  it('is of <speak> only the tag: it may hold a whole text', () => {
    expect(whole('a<speak>b<word>c</word>d</speak>e')).toEqual([
      '<speak>',
      '<word>c</word>',
      '</speak>',
    ])
  })

  it('is an entity', () => {
    expect(whole('R&amp;B & <word>a&lt;b</word>; &#x1F600; &#33;')).toEqual([
      '&amp;',
      '<word>a&lt;b</word>',
      '&#x1F600;',
      '&#33;',
    ])
  })

  it('is none of what only looks like a tag', () => {
    expect(whole('1 < 2 > 0 <b>c</b> <words>')).toEqual([])
  })
})

describe('what has not arrived as a whole', () => {
  it.each([
    ['plain text', ''],
    ['a < b', ''],
    ['done<break time="1s"/> and on', ''],
    ['done<word>x</word>', ''],
    ['<speak>a', ''],
    ['a<word>b', '<word>b'],
    ['a<sub alias="x"><word>b</word>c', '<sub alias="x"><word>b</word>c'],
    ['a<bre', '<bre'],
    ['a</', '</'],
    ['a<sub alias="b c', '<sub alias="b c'],
  ])('of %s is %j', (text, missing) => {
    expect(text.slice(incompleteFrom(text))).toBe(missing)
  })
})
