import { createDeferred } from '../channel/deferred'
import { IvhApiError, IvhTimeoutError } from '../errors'
import type { ChannelDrive } from '../protocol/channel-commands'
import type { DownlinkMessage } from '../protocol/downlink'
import { pause } from '../sessions/pause'
import type { Stage } from './stage'

/** How long after a reconnect the service may take to tell what it knows of a drive. */
export const replayGraceMs = 2_000
/** The first event of a drive comes within this, or it never will. */
const answerMs = 30_000
/** 4,000 bytes at half speed are spoken in less. */
const longestSilenceMs = 15 * 60_000
/** A socket that takes nothing, though nobody said that it is closed, is asked again after this. */
const retrySendMs = 20

const startStates = new Set(['TextStart', 'AudioStart'])
const overStates = new Set(['TextOver', 'AudioOver'])
const silentStates = new Set(['Initial', 'TextOver', 'AudioOver', 'Error'])

/** How a drive ended. */
export interface DriveEnd {
  /** 1 the client's final packet, 2 the service's time-out, 3 interrupted; when the service tells. */
  readonly finalType: number | undefined
}

/**
 * All that is sent under one ReqId, and what comes back for it. When the connection is lost before
 * anything came back, it is unknown whether the service has it: after a reconnect its events are waited
 * for, and only when none comes all is sent again, under the same ReqId.
 */
export class Drive {
  readonly reqId: string
  readonly #stage: Stage
  readonly #onEvent: (message: DownlinkMessage) => void
  readonly #life = new AbortController()
  readonly #started = createDeferred()
  readonly #ended = createDeferred<DriveEnd>()
  #unconfirmed: ChannelDrive[] = []
  #sent = false
  #hasStarted = false
  #confirmed = false
  #heard = false
  #generation = 0
  #recovery: Promise<void> = Promise.resolve()
  #cancelWatch = () => {}

  constructor(stage: Stage, onEvent: (message: DownlinkMessage) => void) {
    this.#stage = stage
    this.#onEvent = onEvent
    this.reqId = stage.createId()
    stage.drives.set(this.reqId, this)
  }

  get isOver(): boolean {
    return this.#life.signal.aborted
  }

  /** Whether anything of it has been handed to a connection. */
  get wasSent(): boolean {
    return this.#sent
  }

  /** Whether the service said that it began. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /** Resolves when it begins, or ends without that. */
  get started(): Promise<void> {
    return this.#started.promise
  }

  /** Resolves when it is over. @throws IvhApiError, IvhTimeoutError when it failed. */
  get ended(): Promise<DriveEnd> {
    return this.#ended.promise
  }

  /**
   * Sends one command as soon as the channel takes it; resolves with false when the drive is over
   * before that.
   */
  async send(command: ChannelDrive): Promise<boolean> {
    const { channel, clock } = this.#stage
    while (!this.isOver) {
      await Promise.race([channel.ready(), this.#ended.promise])
      await this.#recovery
      if (this.isOver) break
      if (channel.send(this.reqId, command)) {
        this.#sent = true
        if (!this.#confirmed) this.#unconfirmed.push(command)
        this.#watch()
        return true
      }
      await pause(clock, retrySendMs, this.#life.signal)
    }
    return false
  }

  /** Takes a message of the service about this drive. */
  hear(message: DownlinkMessage, repeated: boolean): void {
    if (this.isOver) return
    this.#heard = true
    this.#confirmed = true
    this.#unconfirmed = []
    this.#watch()
    if (repeated) return
    const { error, speakStatus = '' } = message
    if (error) {
      const { reqId } = this
      const { sessionId } = this.#stage
      this.fail(
        new IvhApiError(error.code, error.message, {
          reqId,
          sessionId,
          requestId: message.requestId,
        }),
      )
      return
    }
    if (startStates.has(speakStatus)) {
      this.#hasStarted = true
      this.#started.resolve()
    }
    this.#onEvent(message)
    if (overStates.has(speakStatus)) this.#end({ finalType: message.finalType })
  }

  /** To be called with each new connection, before anything is sent on it. */
  connected(): void {
    if (this.isOver || !this.#sent) return
    this.#heard = false
    this.#generation += 1
    this.#recovery = this.#recover(this.#generation)
  }

  /** Ends it here, whatever the service makes of it. */
  abandon(): void {
    this.#end({ finalType: undefined })
  }

  fail(error: unknown): void {
    if (this.isOver) return
    this.#ended.reject(error)
    this.#release()
  }

  async #recover(generation: number): Promise<void> {
    const { channel, clock, logger } = this.#stage
    const waited = await pause(clock, replayGraceMs, this.#life.signal)
    if (!waited || this.#heard || generation !== this.#generation) return
    if (this.#confirmed) {
      await this.#askWhetherOver(generation)
      return
    }
    logger.debug(`Nothing was told of ${this.reqId} after a reconnect; it is sent again`)
    for (const command of this.#unconfirmed) {
      // Lost again: the next connection recovers it.
      if (!channel.send(this.reqId, command)) return
    }
    this.#watch()
  }

  /** It had begun, and the service says nothing of it any more: it may have ended unheard. */
  async #askWhetherOver(generation: number): Promise<void> {
    const status = await this.#stage.speakStatus()
    if (this.#heard || generation !== this.#generation) return
    if (status !== undefined && silentStates.has(status)) this.abandon()
  }

  #watch(): void {
    this.#cancelWatch()
    const { channel, clock, sessionId } = this.#stage
    const limit = this.#confirmed ? longestSilenceMs : answerMs
    this.#cancelWatch = clock.after(limit, () => {
      // While there is no connection nothing can be heard.
      if (!channel.isOpen) return this.#watch()
      this.fail(
        new IvhTimeoutError(`Nothing was heard of the utterance for ${limit} ms`, limit, {
          sessionId,
          reqId: this.reqId,
          next: 'Look at session.stat(); the utterance may be spoken all the same.',
        }),
      )
    })
  }

  #end(end: DriveEnd): void {
    if (this.isOver) return
    this.#started.resolve()
    this.#ended.resolve(end)
    this.#release()
  }

  #release(): void {
    this.#cancelWatch()
    this.#life.abort()
    this.#stage.drives.delete(this.reqId)
  }
}
