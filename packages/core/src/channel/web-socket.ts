import type { Dispatcher } from 'undici'
import { writingTogether } from './writing-together'

/** What a listener of a WebSocket is told; which fields there are depends on `type`. */
export interface WebSocketEvent {
  readonly type: string
  /** The frame, of a `message`. */
  readonly data?: unknown
  /** Of a `close`. */
  readonly code?: number
  readonly reason?: string
}

type WebSocketListener = (event: WebSocketEvent) => void
type WebSocketEventType = 'open' | 'message' | 'close' | 'error'

/** The part of the standard WebSocket that the command channel uses; `ws`, undici and browsers have it. */
export interface WebSocketLike {
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: WebSocketEventType, listener: WebSocketListener): void
  removeEventListener(type: WebSocketEventType, listener: WebSocketListener): void
}

/** Opens a WebSocket. The URL holds a signature: never log it. */
export type WebSocketFactory = (url: string) => WebSocketLike | Promise<WebSocketLike>

/** The WebSocket of undici, loaded with the first use; a dispatcher (a proxy) is gone through. */
export function undiciWebSocket(dispatcher: Dispatcher | undefined): WebSocketFactory {
  return async (url) => {
    const undici = await import('undici')
    agent ??= new undici.Agent({ connect: writingTogether(undici.buildConnector({})) })
    return new undici.WebSocket(url, { dispatcher: dispatcher ?? agent })
  }
}

/** Holds no connection: a WebSocket takes its socket along. */
let agent: Dispatcher | undefined
