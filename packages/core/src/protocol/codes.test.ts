import { describe, expect, it } from 'vitest'
import { codes, describeCode, unknownCode } from './codes'

describe('the codes of the service', () => {
  it('are those of 1240/100406 and 1211/62122', () => {
    const documented = [
      ...[-111005, -111004, -111003, -111002, -111001, -101002, -101001, -101000, -100000],
      ...[100000, 100001, 100005, 100008, 100012, 100014, 100015],
      ...[110013, 110014, 110015, 110016, 110018, 110021, 110022],
    ]
    expect(
      Object.keys(codes)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(documented)
  })

  it.each(Object.keys(codes).map(Number))('%i has a meaning and a next step', (code) => {
    const info = describeCode(code)
    expect(info).not.toBe(unknownCode)
    expect(info.meaning).toMatch(/^[a-z].*[^.]$/)
    expect(info.next).toMatch(/^[A-Z].*\.$/)
  })

  it('tell what may be tried again', () => {
    const retry = (code: number) => describeCode(code).retry
    expect([100012, 100008, 110014, 110013, 100001].map(retry)).toEqual([
      'backoff',
      'after-release',
      'after-event',
      'recreate',
      'never',
    ])
  })

  it('stay themselves when nobody knows them', () => {
    for (const code of [0, 5, 110009, Number.NaN]) expect(describeCode(code)).toBe(unknownCode)
  })
})
