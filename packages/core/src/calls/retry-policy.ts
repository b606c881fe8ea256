import type { AnyIvhError } from '../errors'
import { mayHaveTakenEffect, mayPass, retryAfterOf } from '../errors/failure-effect'

/** The facts that decide about a retry. */
export interface RetryContext {
  readonly failure: AnyIvhError
  readonly retries: number
  readonly maxRetries: number
  /** True when sending the call twice does no harm. */
  readonly idempotent: boolean
  /** True when failures that are usually permanent are retried too. */
  readonly mustSucceed: boolean
  /** Time until the call's deadline, in milliseconds. */
  readonly remainingMs: number
  readonly random: () => number
}

const firstDelayMs = 250
const longestDelayMs = 10_000

/**
 * Returns the pause before the next attempt, in milliseconds; undefined when the call must not be retried.
 * The pause is the time of `Retry-After` plus a random part; the maximum of the random part doubles from 250
 * ms to 10 s (full jitter).
 */
export function retryDelay(context: RetryContext): number | undefined {
  const { failure, retries, remainingMs, random } = context
  if (retries >= context.maxRetries) return undefined
  if (!mayPass(failure) && !(context.mustSucceed && mayPassLater(failure))) return undefined
  if (!context.idempotent && mayHaveTakenEffect(failure)) return undefined
  const delayMs =
    retryAfterOf(failure) + random() * Math.min(longestDelayMs, firstDelayMs * 2 ** retries)
  // Give up when the pause reaches the deadline: no time would be left for the attempt.
  return delayMs < remainingMs ? delayMs : undefined
}

/**
 * True for failures that only a call with `mustSucceed` retries: a session state that changes (the documents
 * do not say in which states a session can be closed), a failure inside the service, an unknown code, an
 * unreadable response, a network failure.
 */
function mayPassLater(failure: AnyIvhError): boolean {
  if (failure.kind === 'api') {
    const { category, retry } = failure
    return retry === 'after-event' || category === 'service' || category === 'unknown'
  }
  return failure.kind === 'response-shape' || failure.kind === 'transport'
}

const budgetCapacity = 20
const refillPerSuccess = 0.1

/**
 * Creates a token bucket of 20 retries. When most calls fail, retries make an outage worse: after 20
 * retries the client retries only as calls succeed, one retry per ten successes.
 */
export function createRetryBudget() {
  let tokens = budgetCapacity
  return {
    /** Takes one retry; false when the budget is used up. */
    take(): boolean {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    /** Adds a tenth of a retry, after a successful call. */
    refill(): void {
      tokens = Math.min(budgetCapacity, tokens + refillPerSuccess)
    },
  }
}
