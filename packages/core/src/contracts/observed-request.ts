import type { AnyIvhError } from '../errors'

/**
 * An HTTP call as plugins and `diagnostics_channel` see it: no header, no query, no body, and so no
 * secret. The same object stands for the call from its beginning to its end.
 */
export interface ObservedRequest {
  readonly method: 'POST'
  /** Scheme, host and port of the gateway. */
  readonly origin: string
  /** The same for every call of an endpoint. */
  readonly path: string
  readonly reqId: string | undefined
  readonly sessionId: string | undefined
  /** The `sessions.open` that sends it, if one does; see {@link OpenContext.openId}. */
  readonly openId: string | undefined
}

/** A call that failed and is sent again. */
export interface RequestRetry {
  /** The attempt that failed, from 1. */
  readonly attempt: number
  /** The wait before the next attempt, in milliseconds; 0 when only the clock was corrected. */
  readonly delayMs: number
  readonly error: AnyIvhError
}

/** How a call ended, all its attempts taken together. */
export interface RequestOutcome {
  /** From the first attempt to the end of the last, waits included, in milliseconds. */
  readonly durationMs: number
  /** How often it was sent. */
  readonly attempts: number
  /** HTTP status of the last attempt, if that was answered. */
  readonly status: number | undefined
  /** `Header.Code` of the answer: 0 for success; undefined when there was none that could be read. */
  readonly code: number | undefined
  /** The service's trace id, if that was told. */
  readonly requestId: string | undefined
  /** What the call rejected with; undefined when it succeeded. */
  readonly error: AnyIvhError | undefined
}

/** Hears how a call goes. */
export interface RequestObserver {
  readonly onRetry?: (retry: RequestRetry) => void
  readonly onEnd?: (outcome: RequestOutcome) => void
}
