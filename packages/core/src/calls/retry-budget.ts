/** Limits the retries of a client. */
export interface RetryBudget {
  /** Takes one retry; false when the budget is used up. */
  take(): boolean
  /** Adds a tenth of a retry, after a successful call. */
  refill(): void
}

const capacity = 20
const refillPerSuccess = 0.1

/**
 * Creates a token bucket of 20 retries. When most calls fail, retries make an outage worse: after 20
 * retries the client retries only as calls succeed, one retry per ten successes.
 */
export function createRetryBudget(): RetryBudget {
  let tokens = capacity
  return {
    take() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    refill() {
      tokens = Math.min(capacity, tokens + refillPerSuccess)
    },
  }
}
