import type { Clock } from '@ivh-kit/kernel'
import { createDeferred } from '../async/deferred'
import { atMost, unless } from '../async/race'
import { IvhTransportError } from '../errors'
import { Liveness } from './liveness'
import { Outflow } from './outflow'
import type { WebSocketEvent, WebSocketEventType, WebSocketLike } from './web-socket-like'

/** `readyState` of an open WebSocket. */
const openState = 1

export interface ConnectionListener {
  opened(): void
  text(frame: string): void
  /** Called once, when the socket is no longer usable. */
  lost(error: IvhTransportError): void
}

export interface ConnectionParts {
  readonly sessionId: string
  readonly clock: Clock
  /** Maximum silence after a ping, in milliseconds; `false` sends no pings. */
  readonly pongTimeoutMs: number | false
}

/** One WebSocket with its listeners, which are removed with `lost` or `drop`. */
export class Connection {
  readonly #socket: WebSocketLike
  readonly #listener: ConnectionListener
  readonly #parts: ConnectionParts
  readonly #outflow: Outflow
  readonly #liveness: Liveness
  #opened = false
  #dropped = false
  #drained = createDeferred()

  constructor(socket: WebSocketLike, parts: ConnectionParts, listener: ConnectionListener) {
    this.#socket = socket
    this.#parts = parts
    this.#listener = listener
    this.#outflow = new Outflow(socket)
    this.#liveness = new Liveness(socket, { ...parts, silent: (how) => this.#lose(how) })
    this.#eachListener((type, listen) => socket.addEventListener(type, listen))
  }

  /** Call it when the listener is ready: the socket may already be open. */
  begin(): void {
    if (this.#socket.readyState === openState) this.#onOpen()
  }

  /** Number of unsent bytes. */
  get buffered(): number {
    return this.#socket.bufferedAmount
  }

  /** Resolves when the buffer is empty, after `ms`, or when `signal` fires. */
  async drained(ms: number, signal: AbortSignal): Promise<void> {
    await atMost(this.#parts.clock, ms, unless(this.#drained.promise, signal))
  }

  /** Sends a frame. Returns false when the socket does not accept it. */
  send(frame: string): boolean {
    if (this.#dropped) return false
    // Check the state: a standard WebSocket drops frames without an error while it closes.
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
   * Sends a heartbeat and a ping. Returns false when the socket does not accept the heartbeat, or when the
   * socket is stuck and therefore lost.
   */
  beat(frame: string): boolean {
    if (this.#outflow.isStuck()) this.#lose('it is stuck, no sent byte leaves')
    if (!this.send(frame)) return false
    this.#outflow.mark()
    this.#liveness.ask()
    return true
  }

  /** Checks the connection, because an answer of the service has been missing since `since` (clock time). */
  doubt(since: number): void {
    if (!this.#dropped) this.#liveness.doubt(since)
  }

  /** Closes the socket without a call of the listener. */
  drop(): void {
    if (this.#dropped) return
    this.#dropped = true
    this.#liveness.stop()
    this.#drained.resolve()
    this.#eachListener((type, listen) => {
      // Keep the `error` listener: an error during the close needs one.
      if (type !== 'error') this.#socket.removeEventListener(type, listen)
    })
    const forget = () => {
      this.#socket.removeEventListener('error', this.#onError)
      this.#socket.removeEventListener('close', forget)
    }
    this.#socket.addEventListener('close', forget)
    try {
      this.#socket.close(1000, 'done')
    } catch {
      forget()
    }
  }

  #eachListener(
    use: (type: WebSocketEventType, listener: (event: WebSocketEvent) => void) => void,
  ): void {
    use('open', this.#onOpen)
    use('message', this.#onMessage)
    use('error', this.#onError)
    use('close', this.#onClose)
    use('drain', this.#onDrain)
    use('pong', this.#onPong)
  }

  readonly #onOpen = () => {
    if (this.#opened) return
    this.#opened = true
    this.#liveness.heard()
    // Ping at once, to find out early whether the server answers pings.
    this.#liveness.ask()
    this.#listener.opened()
  }

  readonly #onMessage = ({ data }: WebSocketEvent) => {
    this.#liveness.heard()
    // Ignore other frames: the documents describe text frames only.
    if (typeof data === 'string') this.#listener.text(data)
  }

  readonly #onPong = () => this.#liveness.ponged()

  readonly #onDrain = () => {
    this.#drained.resolve()
    this.#drained = createDeferred()
  }

  readonly #onError = ({ error, status }: WebSocketEvent) =>
    this.#lose(error instanceof Error ? `it failed: ${error.message}` : 'it failed', error, status)

  readonly #onClose = ({ code, reason }: WebSocketEvent) =>
    this.#lose([`it was closed with code ${code ?? 1006}`, reason].filter(Boolean).join(', '))

  #lose(how: string, cause?: unknown, status?: number): void {
    if (this.#dropped) return
    this.drop()
    const what = this.#opened ? 'was lost' : 'could not be opened'
    this.#listener.lost(
      new IvhTransportError(`The command channel ${what}: ${how}`, {
        sessionId: this.#parts.sessionId,
        ...(cause === undefined ? {} : { cause }),
        status,
        hint: this.#opened
          ? 'The session reconnects at once. After giveUpAfterMs it reconnects with its next use.'
          : 'Check that the session is started, that the gateway has a command channel, and that proxies let WebSockets through.',
      }),
    )
  }
}
