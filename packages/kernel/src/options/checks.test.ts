import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../testing/config-error-of'
import { checkDuration, checkSignal, checkWholeNumber, longestDelayMs } from './checks'

describe('checkDuration', () => {
  it.each([0.5, 1, 5_000, longestDelayMs])('returns the valid duration %s', (milliseconds) => {
    expect(checkDuration('timeoutMs', milliseconds)).toBe(milliseconds)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, longestDelayMs + 1])(
    'rejects the number %s and shows it',
    (milliseconds) => {
      expect(configErrorOf(() => checkDuration('timeoutMs', milliseconds))).toMatchObject({
        code: 'invalid-option',
        option: 'timeoutMs',
        message: `timeoutMs is ${milliseconds}. Give milliseconds, more than 0 and at most 2147483647.`,
      })
    },
  )

  it.each([
    ['5000', 'string'],
    [null, 'null'],
    [undefined, 'undefined'],
    [5n, 'bigint'],
  ])('rejects %s and shows its type only', (value, type) => {
    expect(configErrorOf(() => checkDuration('timeoutMs', value)).message).toMatch(
      new RegExp(`^timeoutMs is of type ${type}\\.`),
    )
  })
})

describe('checkWholeNumber', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('returns the valid number %s', (value) => {
    expect(checkWholeNumber('maxRetries', value, 0)).toBe(value)
  })

  it('rejects a number below its least value and states that value', () => {
    expect(configErrorOf(() => checkWholeNumber('concurrency', 0, 1))).toMatchObject({
      code: 'invalid-option',
      option: 'concurrency',
      message: 'concurrency is 0. Give a whole number, at least 1.',
    })
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'rejects the number %s',
    (value) => {
      expect(configErrorOf(() => checkWholeNumber('maxRetries', value, 0)).message).toContain(
        `maxRetries is ${value}.`,
      )
    },
  )

  it.each([
    ['2', 'string'],
    [null, 'null'],
    [true, 'boolean'],
  ])('rejects %s and shows its type only', (value, type) => {
    expect(configErrorOf(() => checkWholeNumber('maxRetries', value, 0)).message).toContain(
      `maxRetries is of type ${type}.`,
    )
  })
})

describe('checkSignal', () => {
  it('accepts an AbortSignal, undefined and null', () => {
    expect(() => checkSignal(new AbortController().signal)).not.toThrow()
    expect(() => checkSignal(AbortSignal.abort())).not.toThrow()
    expect(() => checkSignal(undefined)).not.toThrow()
    expect(() => checkSignal(null)).not.toThrow()
  })

  it('accepts the AbortSignal of another environment', () => {
    expect(() => checkSignal(Object({ aborted: false, addEventListener() {} }))).not.toThrow()
  })

  it.each([
    ['an AbortController', new AbortController()],
    ['an object without addEventListener', { aborted: false }],
    ['an event target', new EventTarget()],
    ['a text', 'signal'],
  ])('rejects %s', (_name, signal) => {
    expect(configErrorOf(() => checkSignal(signal as AbortSignal))).toMatchObject({
      code: 'invalid-option',
      option: 'signal',
      message: expect.stringMatching(/^`signal` must be an AbortSignal\. Give the `signal`/),
    })
  })
})
