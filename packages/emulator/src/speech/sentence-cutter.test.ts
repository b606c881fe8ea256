import { describe, expect, it } from 'vitest'
import { SentenceCutter } from './sentence-cutter'

describe('SentenceCutter', () => {
  it.each([
    ['Chinese', '你好。请问？好', ['你好。', '请问？'], ['好']],
    ['English', 'One. Two! Three', ['One.', ' Two!'], [' Three']],
    ['a number', 'It is 3.14 now. ', ['It is 3.14 now.'], []],
    ['several marks', 'What?! Yes', ['What?!'], [' Yes']],
    ['a mark at the end', 'Yes! No!', ['Yes!'], [' No!']],
    ['lines', 'a\nb', ['a\n'], ['b']],
    ['nothing', '  ', [], []],
  ])('cuts %s', (_what, text, sentences, rest) => {
    const cutter = new SentenceCutter()
    expect(cutter.add(text)).toEqual(sentences)
    expect(cutter.flush()).toEqual(rest)
    expect(cutter.flush()).toEqual([])
  })

  it('finds the same sentences, however the text is split into packets', () => {
    const text = 'First one. 第二句。Third! rest'
    const whole = new SentenceCutter()
    const byOne = new SentenceCutter()
    const expected = [...whole.add(text), ...whole.flush()]
    expect([...[...text].flatMap((c) => byOne.add(c)), ...byOne.flush()]).toEqual(expected)
  })

  it('stays fast with an endless text', () => {
    const cutter = new SentenceCutter()
    const begun = performance.now()
    for (let packet = 0; packet < 200; packet++) cutter.add('a.'.repeat(500))
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
