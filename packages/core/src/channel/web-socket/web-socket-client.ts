import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { Clock } from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import { closeCode, opcode } from './frame'
import { FrameReader } from './frame-reader'
import { FrameWriter } from './frame-writer'
import { shakeHands } from './handshake'
import { closingMs, mostUnreadBytes } from './limits'
import type { WebSocketEvent, WebSocketEventType, WebSocketLike } from './web-socket-like'

export interface WebSocketClientOptions {
  readonly url: string
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  /** A longer message of the server closes the connection with code 1009. */
  readonly maxMessageBytes: number
}

type Listener = (event: WebSocketEvent) => void

const noPayload = new Uint8Array()

/** A WebSocket over the stream of an HTTP upgrade: the client's side of RFC 6455, without extensions. */
export class WebSocketClient implements WebSocketLike {
  readonly #clock: Clock
  readonly #maxMessageBytes: number
  readonly #listeners = new Map<WebSocketEventType, Set<Listener>>()
  readonly #giveUp: () => void
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  #stream: Duplex | undefined
  #writer: FrameWriter | undefined
  #reader: FrameReader | undefined
  #cancelClosing: (() => void) | undefined
  /** How it is closed, once that is known. */
  #code: number = closeCode.lost
  #reason = ''

  constructor({ url, dispatcher, clock, maxMessageBytes }: WebSocketClientOptions) {
    this.#clock = clock
    this.#maxMessageBytes = maxMessageBytes
    this.#giveUp = shakeHands(dispatcher, url, {
      upgraded: (stream) => this.#open(stream),
      // A dispatcher may refuse at once, when nobody could have begun to listen.
      failed: (error, status) => process.nextTick(() => this.#fail(error, status)),
    })
  }

  get bufferedAmount(): number {
    return this.#writer?.buffered ?? 0
  }

  /** @throws Error when it is not open. */
  send(text: string): void {
    if (this.#state !== 'open' || !this.#writer) throw new Error('The WebSocket is not open')
    this.#writer.text(text)
  }

  /** What the other end must answer with a `pong` (RFC 6455, 5.5.2); nothing when it is not open. */
  ping(): void {
    if (this.#state === 'open') this.#writer?.control(opcode.ping, noPayload)
  }

  close(code: number = closeCode.normal, reason = ''): void {
    if (this.#state === 'connecting') {
      this.#giveUp()
      this.#over()
    } else if (this.#state === 'open') this.#beginClosing(code, reason)
  }

  addEventListener(type: WebSocketEventType, listener: Listener): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener))
  }

  removeEventListener(type: WebSocketEventType, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener)
  }

  #open(stream: Duplex): void {
    const reader = new FrameReader(
      {
        text: (data) => this.#message(data),
        binary: (data) => this.#message(data),
        ping: (payload) => this.#answer(payload),
        pong: () => this.#emit({ type: 'pong' }),
        close: (code, reason) => this.#closedByPeer(code, reason),
        violation: (code, reason) => {
          // Who hears of the error may close it: the other end is told the code all the same.
          this.#beginClosing(code, reason)
          this.#emit({
            type: 'error',
            error: new Error(`The server broke the protocol: ${reason}`),
          })
          this.#end()
        },
      },
      this.#maxMessageBytes,
    )
    this.#stream = stream
    this.#writer = new FrameWriter(stream)
    this.#reader = reader
    this.#state = 'open'
    stream.on('data', (chunk: Buffer) => reader.push(chunk))
    stream.on('drain', () => this.#emit({ type: 'drain' }))
    stream.on('error', (error) => this.#fail(error))
    stream.on('end', () => this.#over())
    stream.on('close', () => this.#over())
    this.#emit({ type: 'open' })
  }

  #message(data: unknown): void {
    if (this.#state === 'open') this.#emit({ type: 'message', data })
  }

  #answer(payload: Buffer): void {
    if (this.#state !== 'open' || this.bufferedAmount > mostUnreadBytes) return
    this.#writer?.control(opcode.pong, payload)
  }

  #beginClosing(code: number, reason: string): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#writer?.control(opcode.close, closing(code, reason))
    this.#writer?.flush()
    this.#cancelClosing = this.#clock.after(closingMs, () => this.#over())
  }

  #closedByPeer(code: number, reason: string): void {
    this.#code = code
    this.#reason = reason
    this.#beginClosing(code === closeCode.none ? closeCode.normal : code, '')
    this.#end()
  }

  /** What was written still leaves; the stream closes when the other end does, or when time is up. */
  #end(): void {
    this.#stream?.end(() => this.#over())
  }

  #fail(error: Error, status?: number): void {
    if (this.#state === 'closed') return
    this.#emit({ type: 'error', error, status })
    this.#over()
  }

  #over(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#cancelClosing?.()
    this.#reader?.stop()
    this.#stream?.destroy()
    this.#emit({ type: 'close', code: this.#code, reason: this.#reason })
    this.#listeners.clear()
  }

  #emit(event: WebSocketEvent & { readonly type: WebSocketEventType }): void {
    const listeners = this.#listeners.get(event.type)
    if (listeners) for (const listener of [...listeners]) listener(event)
  }
}

function closing(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(125)
  payload.writeUInt16BE(code, 0)
  // `write` leaves out a character that does not fit as a whole.
  return payload.subarray(0, 2 + payload.write(reason, 2, 'utf8'))
}
