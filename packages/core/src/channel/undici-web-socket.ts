import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'
import type { Clock } from '@ivh-kit/kernel'
import type { Dispatcher, WebSocket } from 'undici'
import { loadUndici } from '../transport/load-undici'
import { observeUpgrade, type UpgradeFailure } from './observe-upgrade'
import type { WebSocketFactory, WebSocketLike } from './web-socket-like'

type Undici = typeof import('undici')

/** Maximum time for the other end to answer the close handshake, in milliseconds. */
const closingMs = 5_000
const pongChannel = 'undici:websocket:pong'

export interface UndiciWebSocketOptions {
  /** The caller's proxy, pool or mock; undefined for an agent of the kit. */
  readonly dispatcher: Dispatcher | undefined
  readonly clock: Clock
  /** Maximum size of a message, in bytes. A longer message closes the connection with code 1009. */
  readonly maxMessageBytes: number
}

/** Opens WebSockets of undici, which is loaded with the first one. */
export function undiciWebSockets(options: UndiciWebSocketOptions): WebSocketFactory {
  return async (url) => {
    const undici = await loadUndici()
    agent ??= new undici.Agent()
    const dispatcher = options.dispatcher ?? agent
    return new UndiciWebSocket(undici, url, { ...options, dispatcher })
  }
}

/** The agent that all clients share. It holds no connection, because each WebSocket takes over its stream. */
let agent: Dispatcher | undefined

/** Adds to undici's WebSocket: pings, `drain`, the cause of a failure, and a time limit for closing. */
class UndiciWebSocket extends EventTarget implements WebSocketLike {
  readonly #undici: Undici
  readonly #clock: Clock
  readonly #socket: WebSocket
  #stream: Duplex | undefined
  #failure: UpgradeFailure | undefined
  #cancelClosing: (() => void) | undefined

  constructor(
    undici: Undici,
    url: string,
    options: UndiciWebSocketOptions & { readonly dispatcher: Dispatcher },
  ) {
    super()
    this.#undici = undici
    this.#clock = options.clock
    const dispatcher = observeUpgrade(undici, options, {
      upgraded: (stream) => this.#watch(stream),
      failed: (failure) => {
        this.#failure = failure
      },
    })
    this.#socket = new undici.WebSocket(url, { dispatcher })
    this.#socket.addEventListener('open', () => {
      this.#failure = undefined
      this.#emit('open')
    })
    this.#socket.addEventListener('message', ({ data }) => this.#emit('message', { data }))
    // Add the cause: undici's error event has none.
    this.#socket.addEventListener('error', () => {
      const failure = this.#failure ?? this.#violation(options.maxMessageBytes)
      if (failure) this.#emit('error', failure)
    })
    this.#socket.addEventListener('close', ({ code, reason }) => {
      this.#cancelClosing?.()
      unsubscribe(pongChannel, this.#onPong)
      this.#stream?.destroy()
      this.#emit('close', { code, reason })
    })
    subscribe(pongChannel, this.#onPong)
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  send(text: string): void {
    const stream = this.#stream
    // Send all frames of a tick with one system call.
    if (stream && stream.writableCorked === 0) {
      stream.cork()
      process.nextTick(() => stream.uncork())
    }
    this.#socket.send(text)
  }

  ping(): void {
    this.#undici.ping(this.#socket)
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason)
    const stream = this.#stream
    if (!stream || stream.destroyed) return
    this.#cancelClosing ??= this.#clock.after(closingMs, () => stream.destroy())
  }

  #watch(stream: Duplex): void {
    this.#stream = stream
    // Report this failure unless undici accepts the handshake.
    this.#failure = { error: new Error('the server upgraded to something that is not a WebSocket') }
    stream.on('drain', () => this.#emit('drain'))
    stream.on('error', (error) => {
      this.#failure = { error }
    })
  }

  /** Returns the failure of a stream that undici ended; undefined when the network or the caller ended it. */
  #violation(maxMessageBytes: number): UpgradeFailure | undefined {
    if (!this.#stream || this.#stream.readableEnded || this.#cancelClosing) return undefined
    const what = `the server broke the WebSocket protocol, or sent a message over ${maxMessageBytes} bytes`
    return { error: new Error(what) }
  }

  readonly #onPong = (message: unknown): void => {
    if ((message as { readonly websocket: unknown }).websocket === this.#socket) this.#emit('pong')
  }

  #emit(type: string, fields: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), fields))
  }
}
