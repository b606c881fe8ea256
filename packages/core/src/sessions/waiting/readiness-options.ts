import { checkDuration } from '@ivh-kit/kernel'

/** How long and how often to wait for a session to become ready. */
export interface ReadinessOptions {
  /** The longest wait, in milliseconds. Default 120 000, the vendor's own figure. */
  readonly readyTimeoutMs?: number | undefined
  /** The pause between two polls, in milliseconds. Default 1 000. */
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
