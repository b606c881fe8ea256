import { checkDuration } from '@ivh-kit/kernel'

/** Timeout and poll interval of the wait for a session to become ready. */
export interface ReadinessOptions {
  /** Maximum wait, in milliseconds. Default 120 000, as the vendor states. */
  readonly readyTimeoutMs?: number | undefined
  /** Delay between two polls, in milliseconds. Default 1 000. */
  readonly pollIntervalMs?: number | undefined
}

/** @throws IvhConfigError for an invalid duration. */
export function resolveReadiness({
  readyTimeoutMs = 120_000,
  pollIntervalMs = 1_000,
}: ReadinessOptions) {
  return {
    timeoutMs: checkDuration('readyTimeoutMs', readyTimeoutMs),
    pollIntervalMs: checkDuration('pollIntervalMs', pollIntervalMs),
  }
}
