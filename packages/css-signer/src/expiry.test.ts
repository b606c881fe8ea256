import { IvhConfigError } from '@ivh-kit/kernel'
import { describe, expect, it } from 'vitest'
import { type Expiry, expirySeconds } from './expiry'

const now = () => 1_767_225_600_500
const day = 86_400

describe('expirySeconds', () => {
  it.each<[string, Expiry, number]>([
    ['the default', {}, 1_767_225_600 + day],
    ['a lifetime', { expiresIn: 3600 }, 1_767_229_200],
    ['a lifetime of 0', { expiresIn: 0 }, 1_767_225_600],
    ['a fraction', { expiresIn: 1.6 }, 1_767_225_602],
    ['the longest lifetime', { expiresIn: 366 * day }, 1_767_225_600 + 366 * day],
    ['epoch seconds', { expiresAt: 1_767_312_000 }, 1_767_312_000],
    ['a Date with milliseconds', { expiresAt: new Date(1_767_312_000_999) }, 1_767_312_000],
    ['the first time of eight hex digits', { expiresAt: 0x10000000 }, 0x10000000],
    ['the last time of eight hex digits', { expiresAt: 0xffffffff }, 0xffffffff],
  ])('accepts %s', (_, expiry, seconds) => {
    expect(expirySeconds(expiry, now, day)).toBe(seconds)
  })

  it.each<[string, object, RegExp]>([
    ['both', { expiresAt: 1_767_312_000, expiresIn: 60 }, /not both/],
    ['a text lifetime', { expiresIn: '3600' }, /expiresIn must be seconds.*not of type string/],
    ['a text time', { expiresAt: '2026-01-01 00:00' }, /expiresAt must be a Date or.*string/],
    ['null', { expiresAt: null }, /not of type object/],
    ['a bigint', { expiresIn: 60n }, /not of type bigint/],
    ['NaN for a lifetime', { expiresIn: Number.NaN }, /expiresIn is NaN/],
    ['NaN for a time', { expiresAt: Number.NaN }, /expiresAt is NaN/],
    ['infinity', { expiresIn: Number.POSITIVE_INFINITY }, /expiresIn is Infinity/],
    ['an invalid Date', { expiresAt: new Date('tomorrow') }, /invalid Date/],
    ['a negative lifetime', { expiresIn: -1 }, /cannot be negative/],
    ['a negative time', { expiresAt: -1 }, /expiresAt is -1/],
    ['epoch milliseconds', { expiresAt: 1_767_312_000_000 }, /looks like milliseconds/],
    ['a day in milliseconds', { expiresIn: day * 1000 }, /not milliseconds/],
    ['a time for a lifetime', { expiresIn: 1_767_312_000 }, /for a point in time use expiresAt/],
    ['a lifetime for a time', { expiresAt: 3600 }, /for a lifetime from now use expiresIn/],
    ['a time of seven hex digits', { expiresAt: 0xfffffff }, /present-day Unix time/],
    ['a time of nine hex digits', { expiresAt: 0x100000000 }, /after the year 2106/],
  ])('refuses %s', (_, expiry, message) => {
    // Untyped callers can pass any value.
    const call = () => expirySeconds(expiry, now, day)
    expect(call).toThrow(message)
    expect(call).toThrow(IvhConfigError)
    expect(call).toThrow(expect.objectContaining({ kind: 'config' }))
  })

  it('refuses a clock in seconds and an invalid clock', () => {
    expect(() => expirySeconds({ expiresIn: 60 }, () => now() / 1000, day)).toThrow(/The clock/)
    expect(() => expirySeconds({}, () => Number.NaN, day)).toThrow(/The clock/)
  })
})
