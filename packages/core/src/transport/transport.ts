/** One HTTP POST, ready to be sent: signed, with its body as text. */
export interface TransportRequest {
  /** Scheme, host and port, for example `https://gw-sg.tvs.qq.com`. */
  readonly origin: string
  /** Path with the signed query. It holds a signature: never log it. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * How a transport learns that nobody waits for the answer any more: the time is over, or the caller gave
 * up. By then the call has rejected; what is left is to free the connection.
 */
export interface Cancellation {
  /** For whatever takes an AbortSignal. Made when it is first read. */
  readonly signal: AbortSignal
  /** Calls back once, at once if it has happened already. Costs less than the signal; the last callback counts. */
  onCancel(callback: () => void): void
}

export interface TransportResponse {
  readonly status: number
  readonly body: string
  /** By lower-case name. `date` and `retry-after` are read; a transport may leave the headers out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined
}

/** One header of an answer; undefined when it is absent or stands there more than once. */
export function headerOf(answer: TransportResponse, name: string): string | undefined {
  const value = answer.headers?.[name]
  return typeof value === 'string' ? value : undefined
}

/** Sends one request. Rejects when there is no answer; any status is an answer. */
export interface Transport {
  send(request: TransportRequest, cancellation: Cancellation): Promise<TransportResponse>
  /** Releases what the transport itself opened. */
  close(): Promise<void>
}
