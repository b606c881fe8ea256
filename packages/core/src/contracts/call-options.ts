/** Facts about a successful response. */
export interface ResponseInfo {
  /** The HTTP status, 200 to 299. */
  readonly status: number
  /** The service's trace id (`Header.RequestID`). */
  readonly requestId: string | undefined
  /** Response headers by lower-case name; empty when the transport returns none. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The number of the successful attempt, from 1. */
  readonly attempt: number
}

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call; it then rejects with IvhAbortError. */
  readonly signal?: AbortSignal | undefined
  /** Timeout of each attempt in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /**
   * Deadline of the whole call in milliseconds, retries and pauses included. Default: the client's
   * `deadlineMs`; without that, `timeoutMs` per attempt plus 10 s.
   */
  readonly deadlineMs?: number | undefined
  /** Maximum number of retries after a temporary failure. Default: the client's `maxRetries`. */
  readonly maxRetries?: number | undefined
  /**
   * Receives status, headers and RequestID of a successful response, before the call resolves. Errors carry
   * these facts themselves. Errors of the callback are logged.
   */
  readonly onResponse?: ((info: ResponseInfo) => void) | undefined
}

/** Options of a call by path. */
export interface PathCallOptions extends CallOptions {
  /**
   * True when sending the call twice does no harm. Only then is it retried after a timeout or a lost
   * connection. Default false.
   */
  readonly idempotent?: boolean | undefined
}
