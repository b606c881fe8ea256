import type { AnyIvhError } from '../errors'
import { mayHaveTakenEffect } from '../errors/may-have-taken-effect'
import { mayPass } from '../errors/may-pass'

/** What is known when a call has failed. */
export interface RetryContext {
  readonly failure: AnyIvhError
  /** How many times it has been repeated so far. */
  readonly retries: number
  readonly maxRetries: number
  /** Whether a second arrival of the call does no harm. */
  readonly repeatable: boolean
  /** A call that must get through: also repeated after what usually does not pass. */
  readonly stubborn: boolean
  /** What the call's deadline leaves, in milliseconds. */
  readonly remainingMs: number
  /** 0 to 1. */
  readonly random: () => number
}

const firstDelayMs = 250
const longestDelayMs = 10_000

/**
 * How long to wait before the call is repeated, in milliseconds; undefined when it must not be. The
 * wait is drawn evenly between 0 and 250 ms, then 500 ms, doubling up to 10 s ("full jitter", so that
 * many clients do not come back together). What the service asked for comes before that.
 */
export function retryDelay(context: RetryContext): number | undefined {
  const { failure, retries, remainingMs, random } = context
  if (retries >= context.maxRetries) return undefined
  if (!mayPass(failure) && !(context.stubborn && mayYield(failure))) return undefined
  if (!context.repeatable && mayHaveTakenEffect(failure)) return undefined
  const asked = ('retryAfterMs' in failure && failure.retryAfterMs) || 0
  const delay = asked + random() * Math.min(longestDelayMs, firstDelayMs * 2 ** retries)
  // A wait that leaves no time for the call itself is in vain.
  return delay < remainingMs ? delay : undefined
}

/**
 * What may give way to a stubborn call: a state that passes (no document says that a session can be
 * closed in every one), a failure inside the service, a code that nobody knows, an unreadable answer,
 * anything between here and the service.
 */
function mayYield(failure: AnyIvhError): boolean {
  if (failure.kind === 'api') {
    const { category, retry } = failure
    return retry === 'after-event' || category === 'service' || category === 'unknown'
  }
  return failure.kind === 'response-shape' || failure.kind === 'transport'
}
