import { expect, it } from 'vitest'
import { scriptOf } from './script'

const text = (...texts: string[]) => texts.map((one) => ({ kind: 'text', text: one }))

it('splits sentences in both scripts', () => {
  expect(scriptOf('Hello there. How are you? 你好！很高兴。')).toEqual(
    text('Hello there.', 'How are you?', '你好！', '很高兴。'),
  )
  expect(scriptOf('It costs 3.50 today.')).toEqual(text('It costs 3.50 today.'))
})

it('cuts a long sentence at commas, or between words without commas', () => {
  const parts = scriptOf(`${'these are words, '.repeat(20)}end.`)
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) {
    expect(part.kind === 'text' && part.text.length).toBeLessThanOrEqual(120)
  }
  expect(scriptOf('word '.repeat(100)).length).toBe(5)
  expect(scriptOf('字'.repeat(250))).toHaveLength(3)
})

it('turns breaks into pauses, sub into its alias, and drops other tags', () => {
  expect(scriptOf('<speak>A<break time="2s"/>b &amp; <sub alias="see">c</sub></speak>')).toEqual([
    ...text('A'),
    { kind: 'pause', milliseconds: 2000 },
    ...text('b & see'),
  ])
  expect(scriptOf('a<break time="300ms"/>b<break strength="x-strong"/>c<break/>')).toMatchObject([
    {},
    { milliseconds: 300 },
    {},
    { milliseconds: 2000 },
    {},
    { milliseconds: 500 },
  ])
  expect(scriptOf('a <!-- b --> c <?d e?>')).toEqual(text('a  c'))
  expect(scriptOf('<phoneme alphabet="py" ph="hang2">行</phoneme>')).toEqual(text('行'))
})

it('spells digits and characters and keeps other kinds of say-as', () => {
  const saying = (kind: string, what: string) =>
    scriptOf(`<say-as interpret-as="${kind}">${what}</say-as>`)
  for (const kind of ['digits', 'telephone', 'id']) {
    expect(saying(kind, '1 10')).toEqual(text('1 1 0'))
  }
  expect(saying('characters', 'SDK')).toEqual(text('S D K'))
  expect(saying('cardinal', '110')).toEqual(text('110'))
})

it('returns nothing for a text without words', () => {
  for (const silent of ['', '...', '<speak></speak>', ' \n ', '。！']) {
    expect(scriptOf(silent)).toEqual([])
  }
  expect(scriptOf('1 < 2 and 3 > 2')).toEqual(text('1 < 2 and 3 > 2'))
})

it('keeps the text after unclosed and malformed tags', () => {
  expect(scriptOf('<sub alias="x">a b')).toEqual(text('a b'))
  expect(scriptOf('<sub alias="x">a</sub> <sub alias="y">b')).toEqual(text('x b'))
  expect(scriptOf('<say-as interpret-as="digits">12')).toEqual(text('12'))
  expect(scriptOf('a <!-- b')).toEqual(text('a <!', '-- b'))
  expect(scriptOf('<sub>a</sub>')).toEqual(text('a'))
  expect(scriptOf("<SUB Alias='a &amp; b'>c</SUB>")).toEqual(text('a & b'))
  expect(scriptOf('<say-as interpret-as="digits">1<b>2</b></say-as>')).toEqual(text('12'))
})

it.each([
  ['tags that do not end', '<sub alias="'],
  ['sub without its end', '<sub alias="x">'],
  ['attributes in one tag', 'alias='],
  ['say-as in say-as', '<say-as interpret-as="digits" interpret-as="digits"'],
  ['comments that do not end', '<!--'],
  ['declarations that do not end', '<!'],
  ['one long word', 'a'],
  ['spaces', ' '],
])('takes linear time for a long text of %s', (_name, piece) => {
  const begun = performance.now()
  scriptOf(`<sub ${piece.repeat(200_000 / piece.length)}`)
  scriptOf(`<sub ${piece.repeat(200_000 / piece.length)}>`)
  expect(performance.now() - begun).toBeLessThan(1000)
})
