/** One signed HTTP POST. */
export interface TransportRequest {
  /** Scheme, host and port, for example `https://gw-sg.tvs.qq.com`. */
  readonly origin: string
  /** Path and signed query. The query holds a signature: never log it. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TransportSendOptions {
  /** Fires when the call ends by timeout or abort. The transport must then free the connection. */
  readonly signal: AbortSignal
  /**
   * A transport that can tell sets `sent` to false when it begins, and to true before it writes the first
   * byte. A call that was not sent has had no effect, so it may be repeated. A transport that leaves it
   * undefined is judged by the code of its error.
   */
  readonly delivery?: { sent: boolean | undefined }
}

export interface TransportResponse {
  readonly status: number
  readonly body: string
  /** Response headers by lower-case name. Only `date` and `retry-after` are read. Optional. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined
}

/** Sends HTTP requests. Pass your own as the client's `transport` option to replace undici. */
export interface Transport {
  /** Resolves with the response, whatever its status; rejects when there is none. */
  send(request: TransportRequest, options: TransportSendOptions): Promise<TransportResponse>
  /** Loads the modules that the first request needs. Optional. */
  preload?(): Promise<void>
  /** Closes the connections that the transport opened. */
  close(): Promise<void>
}
