import { IvhConfigError } from '@ivh-kit/kernel'

/**
 * The end of a URL: a point in time or a lifetime, not both. It is never a string, because a text without
 * a time zone, as in the vendor's samples, is easily eight hours off.
 */
export type Expiry =
  | {
      /** A `Date`, or Unix time in **seconds**. Fractions are cut off. */
      readonly expiresAt: Date | number
      readonly expiresIn?: never
    }
  | {
      /** Lifetime in **seconds** from now, at most 366 days. */
      readonly expiresIn: number
      readonly expiresAt?: never
    }
  | { readonly expiresAt?: never; readonly expiresIn?: never }

/** Maximum lifetime, in seconds. A day that is given in milliseconds exceeds it. */
const maxLifetime = 366 * 86_400

/** Range of times with the eight hex digits of a txTime, in seconds since the epoch: 1978 to 2106. */
const firstTxTime = 0x1000_0000
const lastTxTime = 0xffff_ffff

/**
 * Returns the end of a URL in whole epoch seconds.
 *
 * @param now - Clock in epoch milliseconds, used for lifetimes only.
 * @param defaultLifetime - Seconds, used when the caller gives no expiry.
 * @throws IvhConfigError for a malformed expiry.
 */
export function expirySeconds(expiry: Expiry, now: () => number, defaultLifetime: number): number {
  const { expiresAt, expiresIn } = expiry
  if (expiresAt === undefined) {
    const lifetime = expiresIn === undefined ? defaultLifetime : checkLifetime(expiresIn)
    return checkRange('The clock (now) plus expiresIn', Math.floor(now() / 1000 + lifetime))
  }
  if (expiresIn !== undefined) {
    throw new IvhConfigError('Both expiresAt and expiresIn are given', {
      code: 'conflicting-options',
      option: 'expiresAt',
      hint: 'Give expiresAt or expiresIn, not both.',
    })
  }
  return checkRange('expiresAt', secondsOf(expiresAt))
}

function checkLifetime(seconds: unknown): number {
  const lifetime = checkNumber('expiresIn', seconds, 'seconds, such as 3600')
  if (lifetime < 0) throw invalid('expiresIn', `is ${lifetime}`, 'A lifetime cannot be negative.')
  if (lifetime <= maxLifetime) return lifetime
  throw invalid(
    'expiresIn',
    `is ${lifetime}, more than 366 days`,
    'Give a lifetime in seconds, not milliseconds; for a point in time use expiresAt.',
  )
}

function secondsOf(expiresAt: unknown): number {
  if (!(expiresAt instanceof Date)) {
    return Math.floor(checkNumber('expiresAt', expiresAt, 'a Date or Unix time in seconds'))
  }
  const milliseconds = expiresAt.getTime()
  if (!Number.isNaN(milliseconds)) return Math.floor(milliseconds / 1000)
  throw invalid('expiresAt', 'is an invalid Date', 'Give a valid Date or Unix time in seconds.')
}

function checkNumber(option: string, value: unknown, allowed: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const found =
    typeof value === 'number' ? `is ${value}` : `must be ${allowed}, not of type ${typeof value}`
  throw invalid(option, found, `Give ${allowed}.`)
}

function checkRange(name: string, seconds: number): number {
  if (seconds >= firstTxTime && seconds <= lastTxTime) return seconds
  throw new IvhConfigError(
    `${name} is ${seconds}${seconds > lastTxTime ? ', after the year 2106' : ''}`,
    {
      option: 'expiresAt',
      hint:
        seconds > lastTxTime
          ? 'Give Unix time in seconds; this looks like milliseconds.'
          : 'Give a present-day Unix time in seconds; for a lifetime from now use expiresIn.',
    },
  )
}

function invalid(option: string, found: string, hint: string): IvhConfigError {
  return new IvhConfigError(`${option} ${found}`, { option, hint })
}
