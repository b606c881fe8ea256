/** What a listener of a WebSocket is told; which fields there are depends on `type`. */
export interface WebSocketEvent {
  readonly type: string
  /** The frame, of a `message`. */
  readonly data?: unknown
  /** Of a `close`. */
  readonly code?: number
  readonly reason?: string
  /** Of an `error`, where the WebSocket tells it. */
  readonly error?: unknown
  /** The HTTP status of a refusal, of an `error`, where the WebSocket tells it. */
  readonly status?: number | undefined
}

type WebSocketListener = (event: WebSocketEvent) => void
/**
 * Two are no events of the standard. A WebSocket that has `drain` tells that its full buffer has emptied,
 * and one that has `pong` that its `ping` was answered.
 */
export type WebSocketEventType = 'open' | 'message' | 'close' | 'error' | 'drain' | 'pong'

/** The part of the standard WebSocket that the command channel uses; `ws`, undici and browsers have it. */
export interface WebSocketLike {
  /** 1 is open. Without it, a WebSocket must be handed over before it opens. */
  readonly readyState?: number
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
  /** Asks the other end for a `pong`. Without it, a connection that is dead is found out by what is spoken. */
  ping?(): void
  addEventListener(type: WebSocketEventType, listener: WebSocketListener): void
  removeEventListener(type: WebSocketEventType, listener: WebSocketListener): void
}

/** Opens a WebSocket. The URL holds a signature: never log it. */
export type WebSocketFactory = (url: string) => WebSocketLike | Promise<WebSocketLike>
