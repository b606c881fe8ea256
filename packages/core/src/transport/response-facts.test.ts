import { describe, expect, it } from 'vitest'
import { httpDate, retryAfterMs } from './response-facts'

const now = Date.UTC(2026, 0, 1)
const read = (headers: Record<string, string | string[]>) =>
  retryAfterMs({ status: 429, body: '', headers }, now)

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': ' 120 ' }, 120_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 0],
    [
      { 'retry-after': 'Fri, 02 Jan 2026 00:00:07 GMT', date: 'Fri, 02 Jan 2026 00:00:00 GMT' },
      7_000,
    ],
  ])('reads %o', (headers, expected) => expect(read(headers)).toBe(expected))

  it.each([
    {},
    { 'retry-after': '' },
    { 'retry-after': '-1' },
    { 'retry-after': '1.5' },
    { 'retry-after': '99999999999' },
    { 'retry-after': 'soon' },
    { 'retry-after': ['1', '2'] },
  ])('ignores %o', (headers) => expect(read(headers)).toBeUndefined())

  it('returns undefined without headers', () => {
    expect(retryAfterMs({ status: 429, body: '' }, now)).toBeUndefined()
  })
})

describe('httpDate', () => {
  it('accepts a date in GMT only', () => {
    expect(httpDate('Thu, 01 Jan 2026 00:00:00 GMT')).toBe(now)
    for (const wrong of [undefined, '', '2026-01-01', 'Thu, 01 Jan 2026 00:00:00', 'Thu, x GMT']) {
      expect(httpDate(wrong)).toBeUndefined()
    }
  })
})
