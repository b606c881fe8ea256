import { createDeferred, type Deferred } from '../async/deferred'
import type { ChannelState } from '../contracts/session-events'
import { type IvhError, IvhTransportError } from '../errors'
import type { Logger } from '../logging/logger'
import type { DownlinkMessage } from '../protocol/downlink'
import { loadSchemas } from '../protocol/load-schemas'
import { type ChannelEnd, endOfCode } from './channel-end'
import { commandFrame } from './command-frame'
import { Connecting, type ConnectingParts } from './connecting'
import type { Connection } from './connection'
import { type AttemptParts, openConnection } from './open-connection'
import { ReplayFilter } from './replay-filter'

/** Number of buffered bytes at which sending waits. */
const fullBufferBytes = 64 * 1024
/** Interval at which a full buffer is checked, in milliseconds; not every WebSocket has a `drain` event. */
const bufferCheckMs = 5

export interface ChannelListener {
  /** Called before anything is sent on the new connection. */
  connected(reconnected: boolean): void
  reconnecting(attempt: number, delayMs: number, error: IvhError): void
  /** Called when the channel gave up after its time limit. The next use tries again. */
  down(error: IvhError): void
  /**
   * Called with each message. `repeated` is true for a message that the service repeats after a reconnect.
   */
  message(message: DownlinkMessage, repeated: boolean): void
  heartbeat(reqId: string): void
  heartbeatMissed(error: IvhError): void
  /** Called when the service has ended the session. The channel is closed. */
  ended(end: ChannelEnd): void
}

export interface ChannelParts
  extends Omit<AttemptParts, 'url'>,
    Pick<ConnectingParts, 'random' | 'giveUpAfterMs' | 'inspect'> {
  readonly logger: Logger
  readonly createId: () => string
  /** Returns the address, signed anew for every connection. */
  readonly url: (path: string) => string
  /** Interval of heartbeats, in milliseconds. The vendor asks for 30 to 60 s (1240/100400). */
  readonly heartbeatMs: number
  /** When true, the channel opens again some time after it gave up, even without a use. */
  readonly keepOpen: boolean
  readonly listener: ChannelListener
}

/**
 * The command channel of one session: one WebSocket at a time, opened with the first use, kept alive with
 * heartbeats, and opened again after a loss (1240/100396).
 */
export class CommandChannel {
  readonly #parts: ChannelParts
  readonly #life = new AbortController()
  readonly #connecting: Connecting
  readonly #replays = new ReplayFilter()
  #state: ChannelState = 'idle'
  #connection: Connection | undefined
  #protocol: typeof import('../protocol/schemas') | undefined
  #opened: Deferred<void> = createDeferred()
  #end: ChannelEnd | undefined
  #cancelHeartbeat: (() => void) | undefined
  #cancelReopening: (() => void) | undefined
  #connections = 0

  constructor(parts: ChannelParts) {
    this.#parts = parts
    this.#connecting = new Connecting(
      {
        ...parts,
        connect: () => this.#connect(),
        onReconnecting: (attempt, delayMs, error) => {
          this.#state = 'reconnecting'
          parts.listener.reconnecting(attempt, delayMs, error)
        },
        onEnded: (end) => this.#onEnded(end),
      },
      this.#life.signal,
    )
  }

  get state(): ChannelState {
    return this.#state
  }

  /**
   * Resolves when the channel is open and its buffer is not full. Opens the channel if necessary.
   *
   * @throws IvhTransportError or IvhTimeoutError when the channel gave up; IvhSessionError when the session
   * has ended.
   */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#end) throw this.#end.error
      if (this.#state === 'idle' || this.#state === 'down') this.#open()
      await this.#opened.promise
      if (this.isWritable) return
      await this.#connection?.drained(bufferCheckMs, this.#life.signal)
    }
  }

  /** True when the channel is open and its buffer is not full. */
  get isWritable(): boolean {
    return this.#connection !== undefined && this.#connection.buffered < fullBufferBytes
  }

  /** Sends a frame over the open connection. Returns false without an open connection; see {@link ready}. */
  send(frame: string): boolean {
    return this.#connection?.send(frame) ?? false
  }

  /**
   * Checks the connection, because an answer of the service has been missing since `since` (clock time).
   * Replaces a dead connection.
   */
  doubt(since: number): void {
    this.#connection?.doubt(since)
  }

  /** Closes the channel for good. Pending and later calls of {@link ready} reject with the end's error. */
  close(end: ChannelEnd): void {
    if (this.#end) return
    this.#end = end
    this.#state = 'closed'
    this.#life.abort()
    this.#cancelHeartbeat?.()
    this.#cancelReopening?.()
    this.#connection?.drop()
    this.#connection = undefined
    this.#opened.reject(end.error)
  }

  #open(lost?: IvhTransportError): void {
    this.#cancelReopening?.()
    this.#cancelReopening = undefined
    this.#state = lost ? 'reconnecting' : 'connecting'
    this.#opened = createDeferred()
    if (!this.#cancelHeartbeat) this.#scheduleHeartbeat()
    this.#connecting.open(lost).then(
      (failure) => failure && this.#giveUp(failure),
      (cause: unknown) => {
        const { sessionId } = this.#parts
        const context = { sessionId, cause }
        this.#giveUp(new IvhTransportError('The command channel could not be opened', context))
      },
    )
  }

  /** Makes one attempt. Resolves with its failure; with undefined when it succeeds. */
  async #connect(): Promise<IvhError | undefined> {
    this.#protocol ??= await loadSchemas()
    return openConnection(
      { ...this.#parts, url: this.#parts.url(this.#protocol.commandChannelPath) },
      {
        opened: (connection) => this.#onOpened(connection),
        text: (frame) => this.#receive(frame),
        lost: (connection, error) => {
          if (this.#connection !== connection) return false
          this.#connection = undefined
          this.#open(error)
          return true
        },
      },
      this.#life.signal,
    )
  }

  #onOpened(connection: Connection): void {
    // Keep the promise: a listener may lose the connection again, which replaces `#opened`.
    const opened = this.#opened
    this.#connection = connection
    this.#state = 'open'
    this.#connecting.opened()
    this.#replays.reconnected()
    this.#connections += 1
    this.#parts.listener.connected(this.#connections > 1)
    opened.resolve()
  }

  #giveUp(error: IvhError): void {
    if (this.#end) return
    const { clock, heartbeatMs, keepOpen, listener } = this.#parts
    this.#state = 'down'
    this.#cancelHeartbeat?.()
    this.#cancelHeartbeat = undefined
    this.#opened.reject(error)
    if (keepOpen) this.#cancelReopening = clock.after(heartbeatMs, () => this.#open())
    listener.down(error)
  }

  #onEnded(end: ChannelEnd): void {
    if (this.#end) return
    this.close(end)
    this.#parts.listener.ended(end)
  }

  #receive(frame: string): void {
    const { listener, logger, sessionId } = this.#parts
    let message: DownlinkMessage | undefined
    try {
      message = this.#protocol?.readDownlink(frame)
    } catch (error) {
      logger.warn(`Session ${sessionId}: unreadable message on the channel: ${String(error)}`)
    }
    if (!message) return
    listener.message(message, this.#replays.isRepetition(message))
    const { error, reqId, requestId } = message
    const end = error && endOfCode(error.code, { sessionId, reqId, requestId })
    if (end) this.#onEnded(end)
  }

  #scheduleHeartbeat(): void {
    const { clock, heartbeatMs } = this.#parts
    this.#cancelHeartbeat = clock.after(heartbeatMs, () => {
      this.#scheduleHeartbeat()
      this.#beat()
    })
  }

  #beat(): void {
    const { createId, listener, sessionId } = this.#parts
    const reqId = createId()
    const Data = { Text: 'PING' } as const
    const frame = commandFrame(sessionId, reqId, { Command: 'SEND_HEARTBEAT', Data })
    if (this.#connection?.beat(frame)) {
      listener.heartbeat(reqId)
      return
    }
    // Stop here: the heartbeat may have found the connection lost, and a listener may have closed the channel.
    if (this.#end) return
    listener.heartbeatMissed(
      new IvhTransportError('A heartbeat was missed: the command channel is not open', {
        sessionId,
        hint: 'The session reconnects. Without heartbeats the service closes it after 10 minutes.',
      }),
    )
  }
}
