import { checkDuration } from '@ivh-kit/kernel'

/** How a session is waited for. */
export interface ReadinessOptions {
  /** How long to wait until the session is ready. Default 120 000 ms, the vendor's own figure. */
  readonly readyTimeoutMs?: number | undefined
  /** Pause between two looks at the session. Default 1 000 ms. */
  readonly pollIntervalMs?: number | undefined
}

/** @throws IvhConfigError for a length of time that cannot be. */
export function resolveReadiness({
  readyTimeoutMs = 120_000,
  pollIntervalMs = 1_000,
}: ReadinessOptions) {
  return {
    timeoutMs: checkDuration('readyTimeoutMs', readyTimeoutMs),
    pollIntervalMs: checkDuration('pollIntervalMs', pollIntervalMs),
  }
}
