import type { TransportRequest, TransportResponse } from './transport'

/** A request with its method, so that undici takes it as it is. */
export interface OutgoingRequest extends TransportRequest {
  readonly method: 'POST'
}

/** Who waits for the answer of a request. Told one of the two, once. */
export interface Receiver {
  answered(answer: TransportResponse): void
  failed(cause: unknown): void
}

/** A request under way. */
export interface Sending {
  /** Stops it, also when it still waits for a connection. */
  cancel(): void
}

/**
 * What the client sends with. Unlike a transport it makes no promise and no signal: at the rate of calls,
 * those cost more than what is in them.
 */
export interface Sender {
  /** May tell the receiver before it returns. */
  send(request: OutgoingRequest, receiver: Receiver): Sending
  /** Loads what the first request would load. */
  preload?(): Promise<void>
  /** Releases what it opened itself. */
  close(): Promise<void>
}
