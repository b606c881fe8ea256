import type { Clock } from '../clock'
import { type IvhError, IvhTransportError } from '../errors'
import type { Logger } from '../logger'
import type { DownlinkMessage } from '../protocol/downlink'
import { pause } from '../sessions/pause'
import { backoffMs } from './backoff'
import { type ChannelEnd, endOfCode } from './channel-end'
import { commandFrame } from './command-frame'
import type { Connection } from './connection'
import { createDeferred, type Deferred } from './deferred'
import { startHeartbeat } from './heartbeat'
import { openConnection } from './open-connection'
import { ReplayFilter } from './replay-filter'
import type { WebSocketFactory } from './web-socket/web-socket-like'

/** More than this in the socket's buffer, and sending waits. */
const fullBufferBytes = 64 * 1024
/** Not every WebSocket tells when its buffer empties, so it is looked at: soon, then less and less often. */
const firstBufferLookMs = 1
const longestBufferLookMs = 16
/** A connection that lived this long has worked; the next loss is a new trouble. */
const provenMs = 5_000

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
  /** Asks the service whether the session has ended; a refused WebSocket does not tell. */
  readonly inspect: () => Promise<ChannelEnd | undefined>
  readonly heartbeatMs: number
  readonly giveUpAfterMs: number
  readonly connectTimeoutMs: number
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
  readonly #replays = new ReplayFilter()
  #state: ChannelState = 'idle'
  #connection: Connection | undefined
  #protocol: Protocol | undefined
  #opened: Deferred<void> = createDeferred()
  #closedBecause: ChannelEnd | undefined
  #stopHeartbeat: (() => void) | undefined
  #cancelRevival: (() => void) | undefined
  #connections = 0
  #openedAt = Number.NEGATIVE_INFINITY
  #attempt = 0
  #giveUpAt = 0
  #unsentAtBeat = 0

  constructor(parts: ChannelParts) {
    this.#parts = parts
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
      await connection.drained(this.#parts.clock, lookMs, this.#life.signal)
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
    const { clock, giveUpAfterMs } = this.#parts
    const proven = clock.now() - this.#openedAt >= provenMs
    // A gateway that takes the connection and drops it at once must not be run against for ever.
    if (!lost || proven) {
      this.#attempt = 0
      this.#giveUpAt = clock.now() + giveUpAfterMs
    }
    this.#state = lost ? 'reconnecting' : 'connecting'
    this.#opened = createDeferred()
    this.#stopHeartbeat ??= startHeartbeat(this.#parts.clock, this.#parts.heartbeatMs, () =>
      this.#beat(),
    )
    this.#connect(lost, lost !== undefined && !proven).catch((error: unknown) => {
      this.#giveUp(
        new IvhTransportError('The command channel could not be opened', {
          sessionId: this.#parts.sessionId,
          cause: error,
        }),
      )
    })
  }

  async #connect(lost: IvhTransportError | undefined, doubtful: boolean): Promise<void> {
    const { clock, inspect, listener, random } = this.#parts
    let failure: IvhError | undefined = lost
    let inDoubt = doubtful
    for (;;) {
      if (inDoubt) {
        const end = await inspect()
        if (this.#life.signal.aborted) return
        if (end) return this.#end(end)
      }
      if (failure) {
        this.#attempt += 1
        const delayMs = backoffMs(this.#attempt, random)
        if (clock.now() + delayMs > this.#giveUpAt) return this.#giveUp(failure)
        this.#state = 'reconnecting'
        listener.reconnecting(this.#attempt, delayMs, failure)
        if (!(await pause(clock, delayMs, this.#life.signal))) return
      }
      failure = await this.#try()
      if (!failure || this.#life.signal.aborted) return
      inDoubt = true
    }
  }

  /** One try; resolves with what went wrong. */
  async #try(): Promise<IvhError | undefined> {
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
    this.#connection = connection
    this.#state = 'open'
    this.#openedAt = this.#parts.clock.now()
    this.#unsentAtBeat = 0
    this.#replays.reconnected()
    this.#connections += 1
    this.#parts.listener.connected(this.#connections > 1)
    this.#opened.resolve()
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
    const buffered = this.#connection?.buffered ?? 0
    // A buffer that has not moved since the last beat belongs to a connection that is dead.
    if (this.#unsentAtBeat > 0 && buffered >= this.#unsentAtBeat) {
      const stuck = new IvhTransportError('A heartbeat was missed: the command channel is stuck', {
        sessionId,
        next: 'It is opened again by itself.',
      })
      this.#connection?.drop('stuck')
      listener.heartbeatMissed(stuck)
      this.#lose(stuck)
      return
    }
    const frame = commandFrame(sessionId, reqId, {
      Command: 'SEND_HEARTBEAT',
      Data: { Text: 'PING' },
    })
    if (this.send(frame)) {
      this.#unsentAtBeat = this.#connection?.buffered ?? 0
      listener.heartbeat(reqId)
      return
    }
    listener.heartbeatMissed(
      new IvhTransportError('A heartbeat was missed: the command channel is not open', {
        sessionId,
        next: 'It is opened again by itself; after 10 minutes without any the session is closed.',
      }),
    )
  }
}
