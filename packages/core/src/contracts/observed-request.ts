import type { AnyIvhError } from '../errors'

/**
 * An HTTP call as observers see it: without headers, query and body, and therefore without secrets. The
 * same object identifies the call in all its events.
 */
export interface ObservedRequest {
  readonly method: 'POST'
  /** Scheme, host and port of the gateway. */
  readonly origin: string
  /** The endpoint's path. */
  readonly path: string
  readonly reqId: string | undefined
  readonly sessionId: string | undefined
  /** The `sessions.open` that sent the call; see {@link OpenContext.openId}. */
  readonly openId: string | undefined
}

/** A failed attempt that is followed by a retry. */
export interface RequestRetry {
  /** The number of the failed attempt, from 1. */
  readonly attempt: number
  /** The pause before the next attempt, in milliseconds; 0 after a clock correction. */
  readonly delayMs: number
  readonly error: AnyIvhError
}

/** The outcome of a call with all its attempts. */
export interface RequestOutcome {
  /** Milliseconds from the first attempt to the end of the last, pauses included. */
  readonly durationMs: number
  /** The number of attempts. */
  readonly attempts: number
  /** The HTTP status of the last attempt; undefined without a response. */
  readonly status: number | undefined
  /** `Header.Code` of the response: 0 for success; undefined without a readable response. */
  readonly code: number | undefined
  /** The service's trace id (`Header.RequestID`). */
  readonly requestId: string | undefined
  /** The error of a failed call. */
  readonly error: AnyIvhError | undefined
}

/** Observes one call. */
export interface RequestObserver {
  readonly onRetry?: (retry: RequestRetry) => void
  readonly onEnd?: (outcome: RequestOutcome) => void
}
