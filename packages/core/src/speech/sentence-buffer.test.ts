import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SentenceBuffer } from './sentence-buffer'

function feed(fragments: readonly string[], maxBytes = 2000): string[] {
  const buffer = new SentenceBuffer(maxBytes)
  return [...fragments.flatMap((fragment) => buffer.push(fragment)), ...buffer.flush()]
}

describe('SentenceBuffer', () => {
  it('gives a sentence when the next one begins', () => {
    const buffer = new SentenceBuffer(2000)
    expect(buffer.push('Our opening hours ')).toEqual([])
    expect(buffer.push('are nine to five.')).toEqual([])
    expect(buffer.push(' Welcome')).toEqual(['Our opening hours are nine to five.'])
    expect(buffer.flush()).toEqual([' Welcome'])
  })

  it('does not end a sentence at a decimal point that came at the end of a fragment', () => {
    expect(feed(['Pi is about 3', '.', '14, roughly. Yes'])).toEqual([
      'Pi is about 3.14, roughly.',
      ' Yes',
    ])
  })

  it('joins sentences that are too short to be spoken alone', () => {
    expect(feed(['好。', '是的。', '今天的天气非常非常好。', '再见'])).toEqual([
      '好。是的。今天的天气非常非常好。',
      '再见',
    ])
  })

  it('keeps an element together over fragments', () => {
    expect(feed(['Wait here. <sub alias="a. b', '. c">x</sub> done. Go on'])).toEqual([
      'Wait here. <sub alias="a. b. c">x</sub> done.',
      ' Go on',
    ])
  })

  it('does not take a less-than sign for a tag', () => {
    expect(feed(['It holds that 1 < 2. ', 'Next'])).toEqual(['It holds that 1 < 2.', ' Next'])
  })

  it('loses and doubles nothing, whatever the fragments', async () => {
    await fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 20, max: 100 }),
        (fragments, limit) => {
          expect(feed(fragments, limit).join('')).toBe(fragments.join(''))
        },
      ),
    )
  })
})
