import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SentenceBuffer } from './sentence-buffer'

function feed(fragments: readonly string[], maxBytes = 2000): string[] {
  const buffer = new SentenceBuffer(maxBytes)
  return [...fragments.flatMap((fragment) => buffer.push(fragment)), ...buffer.take()]
}

describe('SentenceBuffer', () => {
  it('returns a sentence when the next sentence begins', () => {
    const buffer = new SentenceBuffer(2000)
    expect(buffer.push('Our opening hours ')).toEqual([])
    expect(buffer.push('are nine to five.')).toEqual([])
    expect(buffer.push(' Welcome')).toEqual(['Our opening hours are nine to five.'])
    expect(buffer.take()).toEqual([' Welcome'])
  })

  it('does not end a sentence at a decimal point at the end of a fragment', () => {
    expect(feed(['Pi is about 3', '.', '14, roughly. Yes'])).toEqual([
      'Pi is about 3.14, roughly.',
      ' Yes',
    ])
  })

  it.each([
    ['Please see Dr. Smith on Monday. Then rest'],
    ['The U.S. exports grew by a third. Then they fell'],
    ['Ask for J. R. Smith at the desk. He knows'],
    ['1. Open the front door now. 2. Close it again'],
    ['See https://example.com/faq?lang=en!top and go on. Then'],
    ['Items, e.g. Apples and pears, are here. And'],
  ])('ends only real sentences in %j', (text) => {
    const cut = text.search(/(?<=(Monday|third|desk|now|go on|here)\.)/)
    expect(feed([text])).toEqual([text.slice(0, cut), text.slice(cut)])
  })

  it.each([
    'यह पहला वाक्य है।',
    '这是一个非常完整的句子。',
    'هل هذا سؤال طويل؟',
    'هذه جملة أولى كاملة۔',
  ])('ends a sentence after %s', (sentence) =>
    expect(feed([`${sentence} और`])).toEqual([sentence, ' और']),
  )

  it('joins sentences that are too short to be spoken alone', () => {
    expect(feed(['好。', '是的。', '今天的天气非常非常好。', '再见'])).toEqual([
      '好。是的。今天的天气非常非常好。',
      '再见',
    ])
  })

  it('waits for a quotation mark that may still close the sentence', () => {
    const buffer = new SentenceBuffer(2000)
    expect(buffer.push('他说：“今天的天气非常好。')).toEqual([])
    expect(buffer.push('”然后')).toEqual(['他说：“今天的天气非常好。”'])
  })

  it('ends a sentence before and after an element, but not inside it', () => {
    const said = '<word>明天的天气也很好。后天的天气呢？</word>'
    const buffer = new SentenceBuffer(2000)
    expect(buffer.push(`今天的天气非常非常好。${said}`)).toEqual(['今天的天气非常非常好。'])
    expect(buffer.push('就这样。再见')).toEqual([`${said}就这样。`])
  })

  it('does not end a sentence at the semicolon of an entity', () => {
    expect(feed(['The label R&amp;B is here. And', ' on'])).toEqual([
      'The label R&amp;B is here.',
      ' And on',
    ])
  })

  it('keeps the marks that end one sentence together', () => {
    const said = '今天的天气真的非常好'
    expect(feed([`${said}？！`, '然后'])).toEqual([`${said}？！`, '然后'])
    expect(feed([`${said}？`, '！然后'])).toEqual([`${said}？！`, '然后'])
    expect(feed([`${said}……然后`])).toEqual([`${said}……`, '然后'])
  })

  it('turns one <speak> element into one <speak> per sentence', () => {
    const stream = ['<speak>今天的天气非常非常好。明天的天气也会非常好。</speak>', '\n']
    expect(feed(stream)).toEqual([
      '<speak>今天的天气非常非常好。</speak>',
      '<speak>明天的天气也会非常好。</speak>',
      '\n',
    ])
  })

  it.each([
    ['Let me look that up.', true],
    ['“Let me look that up.”', true],
    ['好的，我查一下。', true],
    ['One <word>two three</word>, four.', true],
    ['Let me look that up', false],
    ['\n', false],
    ['It is about 3.', false],
    ['This is of Smith &amp;', false],
    ['Please ask Dr.', false],
    ['The office of J.', false],
  ])('recognises a sentence at the end of %j', (text, holds) => {
    const buffer = new SentenceBuffer(2000)
    expect(buffer.push(text)).toEqual([])
    expect(buffer.holdsSentence).toBe(holds)
  })

  it('separates a <speak> from the text around it', () => {
    const stream = [
      'Some text before ',
      '<speak>The second. And a third.</speak>',
      ' Plain text follows here. ',
      'It ends.',
    ]
    expect(feed(stream)).toEqual([
      'Some text before ',
      '<speak>The second.</speak>',
      '<speak> And a third.</speak>',
      ' Plain text follows here.',
      ' It ends.',
    ])
  })

  it('keeps the limit inside a <speak>', () => {
    const pieces = feed([`<speak>${'one two three '.repeat(50)}</speak>`], 60)
    expect(pieces.map((piece) => piece.replace(/^<speak>|<\/speak>$/g, '')).join('')).toBe(
      'one two three '.repeat(50),
    )
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(60)
  })

  it('keeps at most two packets of a text that has no end of a sentence', () => {
    const buffer = new SentenceBuffer(20)
    expect(buffer.push('one two three four five six seven eight')).toEqual([])
    const given = buffer.push(' ')
    expect(given).toEqual(['one two three four ', 'five six seven '])
    expect(buffer.take()).toEqual(['eight '])
  })

  it('accepts a new text after take', () => {
    const buffer = new SentenceBuffer(2000)
    buffer.push('first')
    expect(buffer.take()).toEqual(['first'])
    expect(buffer.take()).toEqual([])
    buffer.push('second')
    expect(buffer.take()).toEqual(['second'])
  })

  it('neither loses nor repeats text, for any fragments', async () => {
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
