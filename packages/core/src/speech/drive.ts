import { createDeferred } from '../channel/deferred'
import { IvhApiError, IvhSessionError, IvhTimeoutError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'
import { pause } from '../sessions/pause'
import { fired } from './fired'
import { Pacer } from './pacer'
import type { Packet } from './packet'
import { type Confirms, type Knowledge, recover, type WhenUncertain } from './recovery'
import type { Stage } from './stage'
import { UnconfirmedTail } from './unconfirmed-tail'

/** The first event of a drive comes within this, or it never will. */
const answerMs = 30_000
/** 4,000 bytes at half speed are spoken in less. */
const longestSilenceMs = 15 * 60_000
/** A socket that takes nothing, though nobody said that it is closed, is asked again after this. */
export const retrySendMs = 20
/** The refusals of what the service had already come within this. */
const refusalsMs = 500

const startStates = new Set(['TextStart', 'AudioStart'])
const overStates = new Set(['TextOver', 'AudioOver'])
/** How a packet that comes again is refused: out of turn, or not at this moment. */
const refusalCodes = new Set([100001, 110015])

/** How a drive ended. */
export interface DriveEnd {
  /** 1 the client's final packet, 2 the service's time-out, 3 interrupted; when the service tells. */
  readonly finalType: number | undefined
}

export interface DriveOptions {
  readonly confirms: Confirms
  readonly whenUncertain: WhenUncertain
  readonly onEvent: (message: DownlinkMessage) => void
}

/**
 * All that is sent under one ReqId, and what comes back for it. When the connection is lost, what the
 * service has not confirmed is kept; after a reconnect {@link recover} finds out what is to be sent again.
 */
export class Drive implements Knowledge {
  readonly reqId: string
  readonly confirms: Confirms
  readonly whenUncertain: WhenUncertain
  readonly tail = new UnconfirmedTail()
  heard = false
  known = false
  idle = false
  quietSince = 0
  readonly #stage: Stage
  readonly #onEvent: (message: DownlinkMessage) => void
  readonly #life = new AbortController()
  readonly #started = createDeferred()
  readonly #ended = createDeferred<DriveEnd>()
  readonly #doubted = createDeferred()
  #sent = false
  #hasStarted = false
  #uncertain: IvhSessionError | undefined
  /** A connection was lost while something was unconfirmed. */
  #lossy = false
  #resent = false
  #brokenOff = false
  #lastWord: Packet | undefined
  /** So many refusals mean no more than that the service had it already. */
  #refusable = 0
  #recovery: { readonly cancel: AbortController; readonly done: Promise<void> } | undefined
  #activeAt = 0
  #cancelWatch: (() => void) | undefined

  constructor(stage: Stage, { confirms, whenUncertain, onEvent }: DriveOptions) {
    this.#stage = stage
    this.confirms = confirms
    this.whenUncertain = whenUncertain
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

  /** Why nobody can know what was heard of it, once that is so: nothing but its final packet may follow. */
  get uncertain(): IvhSessionError | undefined {
    return this.#uncertain
  }

  /** Resolves when it begins, or ends without that. */
  get started(): Promise<void> {
    return this.#started.promise
  }

  /** Resolves when it is over. @throws IvhApiError, IvhTimeoutError when it failed. */
  get ended(): Promise<DriveEnd> {
    return this.#ended.promise
  }

  /** Resolves when {@link uncertain} is set. */
  get doubted(): Promise<void> {
    return this.#doubted.promise
  }

  /** Sends one packet, when that is possible this moment. */
  sendNow(packet: Packet): boolean {
    if (this.isOver || this.#recovery || !this.#stage.channel.isWritable) return false
    return this.#hand(packet)
  }

  /**
   * Sends one packet as soon as the channel takes it; resolves with false when the drive is over, or `stop`
   * fires, before that.
   */
  async send(packet: Packet, stop?: AbortSignal): Promise<boolean> {
    const { channel, clock } = this.#stage
    for (;;) {
      if (this.isOver || stop?.aborted) return false
      if (this.sendNow(packet)) return true
      if (!channel.isWritable) await this.#unless(stop, channel.ready())
      else if (this.#recovery) await this.#unless(stop, this.#recovery.done)
      else await pause(clock, retrySendMs, stop ?? this.#life.signal)
    }
  }

  /** Sends what breaks the drive off: what was lost before it is not sent again. */
  async breakOff(packet: Packet): Promise<boolean> {
    this.stopRecovering()
    this.#lastWord = packet
    return await this.send(packet)
  }

  /** From now on nothing is sent again, and what ends it may be refused for what is missing before it. */
  stopRecovering(): void {
    this.#brokenOff = true
    this.#cancelRecovery()
  }

  /** Takes a message of the service about this drive. */
  hear(message: DownlinkMessage, repeated: boolean): void {
    if (this.isOver) return
    this.#hadSign()
    if (message.error) {
      if (!repeated) this.#refused(message.error, message.requestId)
      return
    }
    const { finalType, seq, speakStatus = '' } = message
    this.heard = true
    this.known = true
    this.tail.confirm(1)
    if (this.confirms === 'sentences') this.#followSentences(speakStatus, seq)
    if (repeated) return
    if (startStates.has(speakStatus)) {
      this.#hasStarted = true
      this.#started.resolve()
    }
    this.#onEvent(message)
    if (!overStates.has(speakStatus)) return
    if (this.#endLeavesDoubt(finalType)) this.#doubt()
    this.#end({ finalType })
  }

  /** To be called with each new connection, before anything is sent on it. */
  connected(): void {
    if (this.isOver || !this.#sent) return
    this.#cancelRecovery()
    this.#lossy ||= this.tail.hasContent
    this.#refusable = 0
    this.heard = false
    this.quietSince = this.#stage.clock.now()
    if (this.#brokenOff) this.#repeatLastWord()
    if (this.#brokenOff || this.#uncertain) return
    const cancel = new AbortController()
    const recovery = { cancel, done: this.#recover(cancel.signal) }
    this.#recovery = recovery
    const settled = () => {
      if (this.#recovery === recovery) this.#recovery = undefined
    }
    recovery.done.then(settled, settled)
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

  /** What breaks a drive off may have been lost like anything else, and does no harm twice. */
  #repeatLastWord(): void {
    if (!this.#lastWord) return
    this.#lossy = true
    this.#stage.channel.send(this.#lastWord.frame)
  }

  #hand(packet: Packet): boolean {
    if (!this.#stage.channel.send(packet.frame)) return false
    this.#sent = true
    this.idle = false
    this.tail.add(packet)
    this.#activeAt = this.#stage.clock.now()
    if (!this.#cancelWatch) this.#watch()
    return true
  }

  #hadSign(): void {
    this.#activeAt = this.#stage.clock.now()
    this.quietSince = this.#activeAt
  }

  /** Only start and end are trusted with a Seq: no document says what SentenceNext counts. */
  #followSentences(speakStatus: string, seq: number): void {
    if (speakStatus !== 'SentenceStart' && speakStatus !== 'SentenceOver') return
    this.tail.confirm(seq)
    this.idle = speakStatus === 'SentenceOver' && seq >= this.tail.confirmedSeq
  }

  #refused(error: { code: number; message: string }, requestId: string | undefined): void {
    const { logger, sessionId } = this.#stage
    const { reqId } = this
    const harmless = this.#refusable > 0 || (this.#brokenOff && this.#lossy)
    if (harmless && refusalCodes.has(error.code)) {
      this.#refusable = Math.max(0, this.#refusable - 1)
      logger.debug(`${reqId}: the service had a packet already that was sent again`)
      return
    }
    this.fail(new IvhApiError(error.code, error.message, { reqId, sessionId, requestId }))
  }

  async #recover(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#stage
    const verdict = await recover(this, this.#stage, signal)
    if (signal.aborted || this.isOver) return
    switch (verdict) {
      case undefined:
      case 'continue':
        return
      case 'over':
        return this.abandon()
      case 'uncertain':
        return this.#doubt()
      case 'resend':
        logger.debug(`${this.reqId}: ${this.tail.packets.length} packet(s) are sent again`)
        await this.#resend(signal)
        // A refusal must not be taken for one of what follows.
        if (!this.tail.hasContent || this.confirms === 'whole') return
        await pause(clock, refusalsMs, signal)
        if (!this.tail.hasFinal) this.#refusable = 0
    }
  }

  async #resend(signal: AbortSignal): Promise<void> {
    const { channel, clock, spacing } = this.#stage
    // A text has no Seq by which the service could know it.
    this.#refusable = this.confirms === 'whole' ? 0 : this.tail.packets.length
    this.#resent = true
    const pacer = new Pacer(clock)
    for (const { final, frame, seq, text } of [...this.tail.packets]) {
      // Audio that comes again keeps the pace of audio.
      if (text === undefined && !final && !(await pacer.due(signal))) return
      if (!channel.isWritable) await this.#unless(signal, channel.ready())
      // Lost again: the next connection recovers it.
      if (signal.aborted || this.isOver || !channel.send(frame)) return
      pacer.sent()
      if (seq === 1 && text !== undefined) spacing.sent()
      this.#activeAt = clock.now()
    }
  }

  /** It ended, and whether it was complete cannot be known. */
  #endLeavesDoubt(finalType: number | undefined): boolean {
    if (!this.#lossy || this.confirms === 'whole' || !this.tail.hasContent) return false
    return finalType === 2 || (finalType === undefined && !this.#resent)
  }

  #doubt(): void {
    if (this.#uncertain) return
    const { uncertain } = this.tail
    const { firstSeq, lastSeq } = uncertain
    const { sessionId } = this.#stage
    const packets =
      firstSeq === lastSeq ? `packet ${firstSeq}` : `packets ${firstSeq} to ${lastSeq}`
    this.#uncertain = new IvhSessionError(
      'delivery-unknown',
      `The connection was lost and the service does not tell whether it has ${packets} of the utterance`,
      {
        sessionId,
        reqId: this.reqId,
        uncertain,
        next: 'What came before was heard. Say the rest again when hearing a part twice does no harm, or pass whenUncertain: "resend".',
      },
    )
    this.#doubted.resolve()
    if (this.confirms === 'whole') this.fail(this.#uncertain)
  }

  #watch(): void {
    const { channel, clock, sessionId } = this.#stage
    const limit = this.known ? longestSilenceMs : answerMs
    const left = this.#activeAt + limit - clock.now()
    if (left > 0) {
      this.#cancelWatch = clock.after(Math.min(left, answerMs), () => this.#watch())
      return
    }
    if (!channel.isOpen) {
      // While there is no connection nothing can be heard.
      this.#cancelWatch = clock.after(answerMs, () => this.#watch())
      return
    }
    channel.doubt(this.#activeAt)
    this.fail(
      new IvhTimeoutError(`Nothing was heard of the utterance for ${limit} ms`, limit, {
        sessionId,
        reqId: this.reqId,
        next: 'Look at session.stat(); the utterance may be spoken all the same.',
      }),
    )
  }

  #end(end: DriveEnd): void {
    if (this.isOver) return
    this.#started.resolve()
    this.#ended.resolve(end)
    this.#release()
  }

  #cancelRecovery(): void {
    this.#recovery?.cancel.abort()
    this.#recovery = undefined
  }

  #release(): void {
    this.#cancelWatch?.()
    this.#cancelRecovery()
    this.#life.abort()
    this.#stage.drives.delete(this.reqId)
  }

  /** Waits, but no longer than until the drive is over or `stop` fires. */
  async #unless(stop: AbortSignal | undefined, waiting: Promise<void>): Promise<void> {
    const over = fired(this.#life.signal)
    const stopped = stop && fired(stop)
    const ends = stopped ? [over.promise, stopped.promise] : [over.promise]
    try {
      await Promise.race([waiting, ...ends])
    } finally {
      over.forget()
      stopped?.forget()
    }
  }
}
