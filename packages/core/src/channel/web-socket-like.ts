/** An event of a WebSocket. Its fields depend on `type`. */
export interface WebSocketEvent {
  readonly type: string
  /** The frame; only on `message`. */
  readonly data?: unknown
  /** The close code; only on `close`. */
  readonly code?: number
  readonly reason?: string
  /** The cause; only on `error`, when the WebSocket reports it. */
  readonly error?: unknown
  /** The HTTP status of a refused upgrade; only on `error`, when the WebSocket reports it. */
  readonly status?: number | undefined
}

type WebSocketListener = (event: WebSocketEvent) => void
/**
 * `drain` and `pong` are not part of the standard. A WebSocket with `drain` reports that its full buffer
 * has emptied; one with `pong` reports the answer to its `ping`.
 */
export type WebSocketEventType = 'open' | 'message' | 'close' | 'error' | 'drain' | 'pong'

/** The part of the standard WebSocket that the command channel uses; `ws`, undici and browsers have it. */
export interface WebSocketLike {
  /**
   * State of the connection; 1 is open. A WebSocket without `readyState` must be returned before it opens.
   */
  readonly readyState?: number
  /** Number of bytes that were passed to `send` and are not sent yet. */
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
  /**
   * Asks the other end for a `pong`. Without `ping`, only an unanswered utterance reveals a dead connection.
   */
  ping?(): void
  addEventListener(type: WebSocketEventType, listener: WebSocketListener): void
  removeEventListener(type: WebSocketEventType, listener: WebSocketListener): void
}

/** Opens a WebSocket. The URL holds a signature: never log it. */
export type WebSocketFactory = (url: string) => WebSocketLike | Promise<WebSocketLike>
