/** An event of a WebSocket. Its fields depend on `type`. */
export interface WebSocketEvent {
  readonly type: string
  /** The frame, of a `message`. */
  readonly data?: unknown
  /** Of a `close`. */
  readonly code?: number
  readonly reason?: string
  /** Of an `error`, when the WebSocket reports its cause. */
  readonly error?: unknown
  /** The HTTP status of a refused upgrade, of an `error`, when the WebSocket reports it. */
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
  /** 1 is open. A WebSocket without it must be returned before it opens. */
  readonly readyState?: number
  /** Bytes that were given to `send` and have not left yet. */
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
  /** Asks the other end for a `pong`. Without it, only an unanswered utterance reveals a dead connection. */
  ping?(): void
  addEventListener(type: WebSocketEventType, listener: WebSocketListener): void
  removeEventListener(type: WebSocketEventType, listener: WebSocketListener): void
}

/** Opens a WebSocket. The URL holds a signature: never log it. */
export type WebSocketFactory = (url: string) => WebSocketLike | Promise<WebSocketLike>
