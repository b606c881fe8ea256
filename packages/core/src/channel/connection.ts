import type { Clock } from '@ivh-kit/kernel'
import { onAbort } from '../async/on-abort'
import { IvhTransportError } from '../errors'
import { Liveness } from './liveness'
import { Outflow } from './outflow'
import type { WebSocketEvent, WebSocketLike } from './web-socket-like'

/** `readyState` of an open WebSocket. */
const openState = 1

export interface ConnectionListener {
  opened(): void
  text(frame: string): void
  /** Once, when the socket is of no more use. */
  lost(error: IvhTransportError): void
}

export interface ConnectionParts {
  readonly sessionId: string
  readonly clock: Clock
  /** How long nothing may come after a ping; `false` sends none. */
  readonly pongTimeoutMs: number | false
}

/** One WebSocket with its listeners; after `lost` or `drop` nothing of it is left. */
export class Connection {
  readonly #socket: WebSocketLike
  readonly #listener: ConnectionListener
  readonly #parts: ConnectionParts
  readonly #outflow: Outflow
  readonly #liveness: Liveness
  #opened = false
  #gone = false
  /** Who waits for the buffer to empty. */
  readonly #waiting = new Set<() => void>()

  constructor(socket: WebSocketLike, parts: ConnectionParts, listener: ConnectionListener) {
    this.#socket = socket
    this.#parts = parts
    this.#listener = listener
    this.#outflow = new Outflow(socket)
    this.#liveness = new Liveness(socket, { ...parts, silent: (how) => this.#lose(how) })
    socket.addEventListener('open', this.#onOpen)
    socket.addEventListener('message', this.#onMessage)
    socket.addEventListener('error', this.#onError)
    socket.addEventListener('close', this.#onClose)
    socket.addEventListener('drain', this.#onDrain)
    socket.addEventListener('pong', this.#onPong)
  }

  /** To be called once its listener is ready to hear of it: whoever made the socket may have let it open. */
  begin(): void {
    if (this.#socket.readyState === openState) this.#onOpen()
  }

  /** Bytes that have not left yet. */
  get buffered(): number {
    return this.#socket.bufferedAmount
  }

  /** Resolves when the buffer has emptied, `lookMs` have passed or `signal` fires. */
  drained(lookMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        cancel()
        forget()
        this.#waiting.delete(settle)
        resolve()
      }
      const cancel = this.#parts.clock.after(lookMs, settle)
      const forget = onAbort(signal, settle)
      this.#waiting.add(settle)
    })
  }

  /** Hands a frame to the socket; false when it does not take it. */
  send(frame: string): boolean {
    if (this.#gone) return false
    // A standard WebSocket drops what it is given while it closes, and throws nothing.
    if ((this.#socket.readyState ?? openState) > openState) {
      this.#lose('the other end is closing it')
      return false
    }
    try {
      this.#outflow.look()
      this.#socket.send(frame)
      this.#outflow.look()
      return true
    } catch {
      return false
    }
  }

  /**
   * Sends a heartbeat and asks the other end for a sign; false when the socket does not take it. What has
   * not moved since the last one is lost.
   */
  beat(frame: string): boolean {
    if (this.#outflow.isStuck()) this.#lose('it is stuck, nothing of what was sent leaves')
    if (!this.send(frame)) return false
    this.#outflow.mark()
    this.#liveness.ask()
    return true
  }

  /** An answer of the service has been due since `since`: is lost when the other end seems to be gone. */
  doubt(since: number): void {
    if (!this.#gone) this.#liveness.doubt(since)
  }

  /** Lets go of the socket, without telling the listener. */
  drop(reason = 'done'): void {
    if (this.#gone) return
    this.#gone = true
    this.#liveness.stop()
    this.#socket.removeEventListener('open', this.#onOpen)
    this.#socket.removeEventListener('message', this.#onMessage)
    this.#socket.removeEventListener('close', this.#onClose)
    this.#socket.removeEventListener('drain', this.#onDrain)
    this.#socket.removeEventListener('pong', this.#onPong)
    this.#onDrain()
    // A socket that fails while it closes must find somebody who listens.
    const forget = () => {
      this.#socket.removeEventListener('error', this.#onError)
      this.#socket.removeEventListener('close', forget)
    }
    this.#socket.addEventListener('close', forget)
    try {
      this.#socket.close(1000, reason)
    } catch {
      forget()
    }
  }

  readonly #onOpen = () => {
    if (this.#opened) return
    this.#opened = true
    this.#liveness.heard()
    // Whether it answers pings is known before that is needed.
    this.#liveness.ask()
    this.#listener.opened()
  }

  readonly #onMessage = ({ data }: WebSocketEvent) => {
    this.#liveness.heard()
    // Only text frames are documented.
    if (typeof data === 'string') this.#listener.text(data)
  }

  readonly #onPong = () => this.#liveness.ponged()

  readonly #onDrain = () => {
    for (const settle of [...this.#waiting]) settle()
  }

  readonly #onError = ({ error, status }: WebSocketEvent) =>
    this.#lose(error instanceof Error ? `it failed: ${error.message}` : 'it failed', error, status)

  readonly #onClose = ({ code, reason }: WebSocketEvent) =>
    this.#lose([`it was closed with code ${code ?? 1006}`, reason].filter(Boolean).join(', '))

  #lose(how: string, cause?: unknown, status?: number): void {
    if (this.#gone) return
    const what = this.#opened
      ? `The command channel was lost: ${how}`
      : `The command channel could not be opened: ${how}`
    this.drop()
    this.#listener.lost(
      new IvhTransportError(what, {
        sessionId: this.#parts.sessionId,
        ...(cause === undefined ? {} : { cause }),
        status,
        hint: this.#opened
          ? 'It is opened again by itself; when that has failed for giveUpAfterMs, with its next use.'
          : 'Check that the session is started, that the gateway has a command channel, and that proxies let WebSockets through.',
      }),
    )
  }
}
