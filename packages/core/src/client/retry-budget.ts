/** What a client may spend on repeating calls. */
export interface RetryBudget {
  /** Takes one retry out; false when there is none left. */
  take(): boolean
  /** A call that succeeded puts a part of a retry back. */
  refill(): void
}

const capacity = 20
const refillPerSuccess = 0.1

/**
 * A token bucket. When most calls fail, repeating each of them makes an outage worse: after 20 retries
 * a client repeats no more until it sees calls succeed, ten for one retry.
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
