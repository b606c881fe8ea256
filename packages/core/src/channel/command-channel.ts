import type { Clock } from '@ivh-kit/kernel'
import { createDeferred, type Deferred } from '../async/deferred'
import { type IvhError, IvhTransportError } from '../errors'
import type { Logger } from '../logger'
import type { DownlinkMessage } from '../protocol/downlink'
import { type ChannelEnd, endOfCode } from './channel-end'
import { commandFrame } from './command-frame'
import { Connecting } from './connecting'
import type { Connection } from './connection'
import { startHeartbeat } from './heartbeat'
import { openConnection } from './open-connection'
import { ReplayFilter } from './replay-filter'
import type { WebSocketFactory } from './web-socket-like'

/** More than this in the socket's buffer, and sending waits. */
const fullBufferBytes = 64 * 1024
/** Not every WebSocket tells when its buffer empties, so it is looked at: soon, then less and less often. */
const firstBufferLookMs = 1
const longestBufferLookMs = 16

/** `closed` is for good; from `idle` and `down` the next use begins anew. */
export type ChannelState = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'down' | 'closed'

export interface ChannelListener {
  /** Before anything is sent on the new connection. */
  connected(reconnected: boolean): void
  reconnecting(attempt: number, delayMs: number, error: IvhError): void
  /** The budget is used up; the next use tries again. */
  down(error: IvhError): void
  /** Repetitions after a reconnect are marked. */
  message(message: DownlinkMessage, repeated: boolean): void
  heartbeat(reqId: string): void
  heartbeatMissed(error: IvhError): void
  /** The service has ended the session; the channel is closed. */
  ended(end: ChannelEnd): void
}

export interface ChannelParts {
  readonly sessionId: string
  readonly clock: Clock
  readonly logger: Logger
  readonly createId: () => string
  /** 0 up to, not including, 1. */
  readonly random: () => number
  readonly webSocket: WebSocketFactory
  /** Signed anew for every connection. */
  readonly url: (path: string) => string
  /** Asks the service whether the session has ended; a refused WebSocket does not tell. Never rejects. */
  readonly inspect: (signal: AbortSignal) => Promise<ChannelEnd | undefined>
  readonly heartbeatMs: number
  readonly giveUpAfterMs: number
  readonly connectTimeoutMs: number
  /** How long nothing may come after a ping; `false` sends none. */
  readonly pongTimeoutMs: number | false
  /** Opens again some time after giving up, though nobody uses it. */
  readonly keepOpen: boolean
  readonly listener: ChannelListener
}

type Protocol = typeof import('../protocol/schemas')

/**
 * The command channel of one session: one WebSocket at a time, opened with the first use, kept alive
 * by heartbeats and opened again when it is lost (1240/100396).
 */
export class CommandChannel {
  readonly #parts: ChannelParts
  readonly #life = new AbortController()
  readonly #connecting: Connecting
  readonly #replays = new ReplayFilter()
  #state: ChannelState = 'idle'
  #connection: Connection | undefined
  #protocol: Protocol | undefined
  #opened: Deferred<void> = createDeferred()
  #closedBecause: ChannelEnd | undefined
  #stopHeartbeat: (() => void) | undefined
  #cancelRevival: (() => void) | undefined
  #connections = 0

  constructor(parts: ChannelParts) {
    this.#parts = parts
    this.#connecting = new Connecting(
      {
        ...parts,
        connect: () => this.#connect(),
        listener: {
          reconnecting: (attempt, delayMs, error) => {
            this.#state = 'reconnecting'
            parts.listener.reconnecting(attempt, delayMs, error)
          },
          ended: (end) => this.#end(end),
        },
      },
      this.#life.signal,
    )
  }

  get state(): ChannelState {
    return this.#state
  }

  /**
   * Resolves when the channel is open and takes more; opens it when nobody has yet.
   *
   * @throws IvhTransportError or IvhTimeoutError when the channel was given up; IvhSessionError when the
   * session has ended.
   */
  async ready(): Promise<void> {
    for (let lookMs = firstBufferLookMs; ; ) {
      if (this.#closedBecause) throw this.#closedBecause.error
      if (this.#state === 'idle' || this.#state === 'down') this.#begin()
      await this.#opened.promise
      const connection = this.#connection
      if (!connection) continue
      if (connection.buffered < fullBufferBytes) return
      await connection.drained(lookMs, this.#life.signal)
      lookMs = Math.min(2 * lookMs, longestBufferLookMs)
    }
  }

  /** Open, and its buffer is not full. */
  get isWritable(): boolean {
    return this.#connection !== undefined && this.#connection.buffered < fullBufferBytes
  }

  /** Hands a frame to the open connection; false when there is none. See {@link ready}. */
  send(frame: string): boolean {
    return this.#connection?.send(frame) ?? false
  }

  /**
   * To be called when an answer of the service has been due since `since`, by the clock of the channel:
   * a connection of which nothing else came either is opened again.
   */
  doubt(since: number): void {
    this.#connection?.doubt(since)
  }

  /** Closes for good; whoever waits is told why. */
  close(end: ChannelEnd): void {
    if (this.#closedBecause) return
    this.#closedBecause = end
    this.#state = 'closed'
    this.#life.abort()
    this.#stopHeartbeat?.()
    this.#cancelRevival?.()
    this.#connection?.drop()
    this.#connection = undefined
    this.#opened.reject(end.error)
  }

  #begin(lost?: IvhTransportError): void {
    this.#cancelRevival?.()
    this.#cancelRevival = undefined
    this.#state = lost ? 'reconnecting' : 'connecting'
    this.#opened = createDeferred()
    this.#stopHeartbeat ??= startHeartbeat(this.#parts.clock, this.#parts.heartbeatMs, () =>
      this.#beat(),
    )
    this.#connecting.open(lost).then(
      (failure) => failure && this.#giveUp(failure),
      (cause: unknown) =>
        this.#giveUp(
          new IvhTransportError('The command channel could not be opened', {
            sessionId: this.#parts.sessionId,
            cause,
          }),
        ),
    )
  }

  /** One try; resolves with what went wrong. */
  async #connect(): Promise<IvhError | undefined> {
    this.#protocol ??= await import('../protocol/schemas')
    return openConnection(
      { ...this.#parts, url: this.#parts.url(this.#protocol.commandChannelPath) },
      {
        opened: (connection) => this.#open(connection),
        text: (frame) => this.#read(frame),
        lost: (connection, error) => {
          if (this.#connection !== connection) return false
          this.#lose(error)
          return true
        },
      },
      this.#life.signal,
    )
  }

  #open(connection: Connection): void {
    // Whoever is told may lose the connection again; then what opens next is another's to resolve.
    const opened = this.#opened
    this.#connection = connection
    this.#state = 'open'
    this.#connecting.opened()
    this.#replays.reconnected()
    this.#connections += 1
    this.#parts.listener.connected(this.#connections > 1)
    opened.resolve()
  }

  #lose(error: IvhTransportError): void {
    this.#connection = undefined
    this.#begin(error)
  }

  #giveUp(error: IvhError): void {
    if (this.#closedBecause) return
    const { clock, heartbeatMs, keepOpen, listener } = this.#parts
    this.#state = 'down'
    this.#stopHeartbeat?.()
    this.#stopHeartbeat = undefined
    this.#opened.reject(error)
    if (keepOpen) this.#cancelRevival = clock.after(heartbeatMs, () => this.#begin())
    listener.down(error)
  }

  #end(end: ChannelEnd): void {
    this.close(end)
    this.#parts.listener.ended(end)
  }

  #read(frame: string): void {
    const { listener, logger, sessionId } = this.#parts
    let message: DownlinkMessage | undefined
    try {
      message = this.#protocol?.readDownlink(frame)
    } catch (error) {
      logger.warn(`Session ${sessionId}: a message of the channel is unreadable: ${String(error)}`)
    }
    if (!message) return
    listener.message(message, this.#replays.isRepetition(message))
    const { error, reqId, requestId } = message
    const end = error && endOfCode(error.code, { sessionId, reqId, requestId })
    if (end && !this.#closedBecause) this.#end(end)
  }

  #beat(): void {
    const { createId, listener, sessionId } = this.#parts
    const reqId = createId()
    const frame = commandFrame(sessionId, reqId, {
      Command: 'SEND_HEARTBEAT',
      Data: { Text: 'PING' },
    })
    if (this.#connection?.beat(frame)) {
      listener.heartbeat(reqId)
      return
    }
    // Who hears that it was lost with this heartbeat may close it.
    if (this.#closedBecause) return
    listener.heartbeatMissed(
      new IvhTransportError('A heartbeat was missed: the command channel is not open', {
        sessionId,
        hint: 'It is opened again by itself; after 10 minutes without any the session is closed.',
      }),
    )
  }
}
