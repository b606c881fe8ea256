import { describe, expect, it } from 'vitest'
import { IvhApiError, IvhResponseShapeError, IvhTimeoutError, IvhTransportError } from '../errors'
import { createRetryBudget, type RetryContext, retryDelay } from './retry-policy'

const decide = (context: Partial<RetryContext>) =>
  retryDelay({
    failure: new IvhTransportError('down'),
    retries: 0,
    maxRetries: 9,
    idempotent: true,
    mustSucceed: false,
    remainingMs: 60_000,
    random: () => 1,
    ...context,
  })

describe('the pause before a retry', () => {
  it('is random below a bound that doubles from 250 ms to 10 s', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 7].map((retries) => decide({ retries }))
    expect(bounds).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
    expect(decide({ retries: 3, random: () => 0.25 })).toBe(500)
    expect(decide({ retries: 3, random: () => 0 })).toBe(0)
  })

  it('is added to Retry-After, so that clients do not return at the same moment', () => {
    const failure = new IvhApiError(100012, '', { retryAfterMs: 1_500 })
    expect(decide({ failure })).toBe(1_750)
    expect(decide({ failure, random: () => 0 })).toBe(1_500)
  })

  it('grows when Retry-After is 0', () => {
    const failure = new IvhTransportError('x', { retryAfterMs: 0 })
    expect([0, 1, 2].map((retries) => decide({ failure, retries }))).toEqual([250, 500, 1_000])
  })

  it('must be shorter than the remaining time of the call', () => {
    expect(decide({ remainingMs: 251 })).toBe(250)
    expect(decide({ remainingMs: 250 })).toBeUndefined()
    expect(decide({ remainingMs: -1, random: () => 0 })).toBeUndefined()
  })
})

describe('a retry', () => {
  it('is allowed up to maxRetries', () => {
    expect(decide({ retries: 1, maxRetries: 2 })).toBe(500)
    expect(decide({ retries: 2, maxRetries: 2 })).toBeUndefined()
    expect(decide({ maxRetries: 0 })).toBeUndefined()
  })

  const timeout = new IvhTimeoutError('slow', 1)
  const shape = new IvhResponseShapeError([], {})
  const transport = (status?: number, notSent = false) =>
    new IvhTransportError('x', { status, notSent })
  const api = (code: number, status = 200) => new IvhApiError(code, '', { status })

  it.each([
    // Columns: the failure; whether it is retried when idempotent, when not idempotent, with mustSucceed.
    [timeout, true, false, true],
    [transport(), true, false, true],
    [transport(undefined, true), true, true, true],
    [transport(408), true, false, true],
    [transport(425), true, true, true],
    [transport(429), true, true, true],
    [transport(500), true, false, true],
    [transport(503), true, false, true],
    [transport(200), true, false, true],
    [transport(302), false, false, true],
    [transport(404), false, false, true],
    [shape, false, false, true],
    [api(100000), true, false, true],
    [api(-100000), true, false, true],
    [api(-101000), true, false, true],
    [api(-101001), true, true, true],
    [api(100012), true, true, true],
    [api(110014), false, false, true],
    [api(100001), false, false, false],
    [api(100005), false, false, false],
    [api(100008), false, false, false],
    [api(-111005), false, false, true],
    [api(100001, 503), false, false, false],
    [api(424242), false, false, true],
    [api(424242, 400), false, false, true],
    [api(424242, 408), true, false, true],
    [api(424242, 425), true, false, true],
    [api(424242, 429), true, false, true],
    [api(424242, 500), true, false, true],
    [new IvhApiError(424242, ''), false, false, true],
  ])(
    'is allowed or refused by idempotent and mustSucceed after %o',
    (failure, idempotent, notIdempotent, mustSucceed) => {
      expect(decide({ failure }) !== undefined, 'idempotent').toBe(idempotent)
      expect(decide({ failure, idempotent: false }) !== undefined, 'notIdempotent').toBe(
        notIdempotent,
      )
      expect(decide({ failure, mustSucceed: true }) !== undefined, 'mustSucceed').toBe(mustSucceed)
    },
  )
})

describe('the retry budget', () => {
  it('holds at most 20 retries and regains one after ten successes', () => {
    const budget = createRetryBudget()
    for (let count = 0; count < 100; count++) budget.refill()
    const taken = () => Array.from({ length: 30 }, () => budget.take()).filter(Boolean).length
    expect(taken()).toBe(20)
    for (let count = 0; count < 9; count++) budget.refill()
    expect(budget.take()).toBe(false)
    for (let count = 0; count < 2; count++) budget.refill()
    expect(taken()).toBe(1)
  })
})
