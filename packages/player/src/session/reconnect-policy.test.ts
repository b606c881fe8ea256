import { describe, expect, it } from 'vitest'
import { decideReconnect, parseReconnect, type ReconnectContext } from './reconnect-policy'

const context = (over: Partial<ReconnectContext>): ReconnectContext => ({
  reason: 'network',
  attempt: 0,
  limit: Number.POSITIVE_INFINITY,
  freshAddress: false,
  random: 0.5,
  ...over,
})

const attempts = (over: Partial<ReconnectContext>) => {
  let attempt = 0
  while (attempt < 50 && decideReconnect(context({ ...over, attempt })).retry) attempt += 1
  return attempt
}

describe('decideReconnect', () => {
  it('waits 1, 2, 4, 8 and then always 10 seconds', () => {
    const delays = [0, 1, 2, 3, 4, 5, 40].map((attempt) => decideReconnect(context({ attempt })))
    expect(delays.map((one) => one.retry && one.delay)).toEqual([
      1000, 2000, 4000, 8000, 10_000, 10_000, 10_000,
    ])
  })

  it('varies the delay by 20 % in both directions', () => {
    expect(decideReconnect(context({ random: 0 }))).toEqual({ retry: true, delay: 800 })
    expect(decideReconnect(context({ random: 1 }))).toEqual({ retry: true, delay: 1200 })
  })

  it('gives up at the limit', () => {
    expect(attempts({ limit: 3 })).toBe(3)
    expect(attempts({ limit: 0 })).toBe(0)
    expect(attempts({ reason: 'not-live', limit: 2 })).toBe(2)
  })

  it('never retries an error that a retry cannot fix', () => {
    for (const reason of ['codec', 'unsupported', 'kicked'] as const) {
      expect(attempts({ reason, freshAddress: true })).toBe(0)
    }
  })

  it('asks for a new address up to three times after a refusal, and never repeats the refused one', () => {
    expect(attempts({ reason: 'auth' })).toBe(0)
    expect(attempts({ reason: 'auth', freshAddress: true })).toBe(3)
    expect(attempts({ reason: 'auth', freshAddress: true, limit: 1 })).toBe(1)
    expect(attempts({ reason: 'decode' })).toBe(3)
  })
})

describe('parseReconnect', () => {
  it.each([
    [null, Number.POSITIVE_INFINITY],
    ['', Number.POSITIVE_INFINITY],
    ['infinite', Number.POSITIVE_INFINITY],
    ['-1', Number.POSITIVE_INFINITY],
    ['2.5', Number.POSITIVE_INFINITY],
    ['0', 0],
    [' 5 ', 5],
  ])('parses %j', (value, expected) => {
    expect(parseReconnect(value)).toBe(expected)
  })
})
