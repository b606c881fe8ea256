import { CssSignerError } from './css-signer-error'

/**
 * When a URL ends: a point in time or a lifetime, not both. Never a string, because the
 * vendor's samples show how a wall-clock text without a zone ends up eight hours off.
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

/** The longest lifetime taken: one day written in milliseconds by mistake is far above it. */
const MAX_LIFETIME = 366 * 86_400

/** The range in which a time has the eight hex digits of a txTime: 1978 to 2106. */
const FIRST_TX_TIME = 0x1000_0000
const LAST_TX_TIME = 0xffff_ffff

/**
 * The end of a URL in whole epoch seconds.
 *
 * @param now - The clock, in epoch milliseconds; asked only for a lifetime.
 * @param defaultLifetime - Seconds, used when the caller names no expiry.
 */
export function expirySeconds(expiry: Expiry, now: () => number, defaultLifetime: number): number {
  const { expiresAt, expiresIn } = expiry
  if (expiresAt === undefined) {
    const lifetime = expiresIn === undefined ? defaultLifetime : checkLifetime(expiresIn)
    return inRange('the clock (now) plus expiresIn', Math.floor(now() / 1000 + lifetime))
  }
  if (expiresIn !== undefined) {
    throw invalid('Give expiresAt or expiresIn, not both.')
  }
  return inRange('expiresAt', pointInTime(expiresAt))
}

function checkLifetime(seconds: unknown): number {
  const lifetime = checkNumber('expiresIn', seconds, 'seconds, such as 3600')
  if (lifetime < 0) {
    throw invalid(`expiresIn is ${lifetime}: a lifetime cannot be negative.`)
  }
  if (lifetime > MAX_LIFETIME) {
    throw invalid(
      `expiresIn is ${lifetime}, more than 366 days: it is a lifetime in seconds. Is this milliseconds, or a point in time meant for expiresAt?`,
    )
  }
  return lifetime
}

function pointInTime(expiresAt: unknown): number {
  if (!(expiresAt instanceof Date)) {
    return Math.floor(checkNumber('expiresAt', expiresAt, 'a Date or Unix time in seconds'))
  }
  const milliseconds = expiresAt.getTime()
  if (Number.isNaN(milliseconds)) {
    throw invalid('expiresAt is an invalid Date.')
  }
  return Math.floor(milliseconds / 1000)
}

function checkNumber(what: string, value: unknown, wanted: string): number {
  if (typeof value !== 'number') {
    throw invalid(`${what} must be ${wanted}, not of type ${typeof value}.`)
  }
  if (!Number.isFinite(value)) {
    throw invalid(`${what} is ${value}; it must be ${wanted}.`)
  }
  return value
}

function inRange(what: string, seconds: number): number {
  if (seconds >= FIRST_TX_TIME && seconds <= LAST_TX_TIME) return seconds
  throw invalid(`${what} is ${seconds}, ${outOfRange(seconds)}`)
}

function outOfRange(seconds: number): string {
  if (seconds > LAST_TX_TIME) {
    return 'after the year 2106: Unix time in seconds is wanted, this looks like milliseconds.'
  }
  if (seconds < 0) return 'negative: Unix time in seconds is wanted.'
  return 'not a present-day Unix time in seconds. For a lifetime from now use expiresIn.'
}

function invalid(message: string): CssSignerError {
  return new CssSignerError('invalid-expiry', message)
}
