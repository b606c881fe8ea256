import { createDeferred } from '../async/deferred'
import { pause } from '../async/pause'
import { IvhApiError, IvhSessionError, IvhTimeoutError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'
import { Delivery } from './delivery'
import { unless } from './fired'
import type { Packet } from './packet'
import { type Confirms, isSilent, type OnUncertain } from './recovery'
import { Refusals } from './refusals'
import type { Stage } from './stage'

/** The first event of a drive comes within this, or it never will. */
const answerMs = 30_000
/** 4,000 bytes at half speed are spoken in less. */
const longestSilenceMs = 15 * 60_000
/** Whether a drive of which a packet was refused is over is looked at so often. */
const silenceLookMs = 2_000
/** A socket that takes nothing, though nobody said that it is closed, is asked again after this. */
const retrySendMs = 20

const startStates = new Set(['TextStart', 'AudioStart'])
const overStates = new Set(['TextOver', 'AudioOver'])

/** How a drive ended. */
export interface DriveEnd {
  /** 1 the client's final packet, 2 the service's time-out, 3 interrupted; when the service tells. */
  readonly finalType: number | undefined
}

export interface DriveOptions {
  readonly confirms: Confirms
  readonly onUncertain: OnUncertain
  readonly onEvent: (message: DownlinkMessage) => void
}

/** All that is sent under one ReqId, and what comes back for it: its beginning and its end. */
export class Drive {
  readonly reqId: string
  /** Of packets, while it goes on. */
  readonly refusals = new Refusals()
  readonly #stage: Stage
  readonly #onEvent: (message: DownlinkMessage) => void
  readonly #delivery: Delivery
  readonly #life = new AbortController()
  readonly #sent = createDeferred()
  readonly #started = createDeferred()
  readonly #ended = createDeferred<DriveEnd>()
  readonly #doubted = createDeferred()
  #wasSent = false
  #hasStarted = false
  #lastWord: Packet | undefined
  #activeAt = 0
  #cancelWatch: (() => void) | undefined

  constructor(stage: Stage, { confirms, onUncertain, onEvent }: DriveOptions) {
    this.#stage = stage
    this.#onEvent = onEvent
    this.reqId = stage.createId()
    this.#delivery = new Delivery(stage, {
      reqId: this.reqId,
      confirms,
      onUncertain,
      life: this.#life.signal,
      resend: (frame) => this.#pass(frame),
      onDoubt: (error) => {
        this.#doubted.resolve()
        if (confirms === 'whole') this.fail(error)
      },
      onOver: () => this.abandon(),
    })
    stage.drives.add(this)
  }

  get isOver(): boolean {
    return this.#life.signal.aborted
  }

  /** Whether anything of it has been handed to a connection. */
  get wasSent(): boolean {
    return this.#wasSent
  }

  /** Whether the service said that it began. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /**
   * Whether another has been sent after it. Of two texts the service takes the later one by itself, and
   * what is still sent for the earlier one would hit the later.
   */
  get superseded(): boolean {
    return this.#wasSent && !this.#stage.drives.isNewest(this)
  }

  /** See {@link Delivery.uncertain}. */
  get uncertain(): IvhSessionError | undefined {
    return this.#delivery.uncertain
  }

  /** Resolves when its first packet has been sent, or it ends without that. */
  get sent(): Promise<void> {
    return this.#sent.promise
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
    return !this.#delivery.recovering && this.#sendNow(packet)
  }

  /**
   * Sends one packet as soon as the channel takes it; resolves with false when the drive is over or
   * superseded, or `stop` fires, before that.
   */
  send(packet: Packet, stop?: AbortSignal): Promise<boolean> {
    return this.#send(packet, stop, () => this.#delivery.recovering)
  }

  /** Sends what breaks the drive off: what was lost before it is not sent again, but this is. */
  async breakOff(packet: Packet): Promise<void> {
    this.stopRecovering()
    if (await this.#send(packet, undefined, () => undefined)) this.#lastWord = packet
  }

  /** Told to stop, it must not begin after all. How long its end may take is for who told it. */
  stopRecovering(): void {
    this.#delivery.breakOff()
    this.#cancelWatch?.()
  }

  /** Takes a message of the service about this drive. */
  hear(message: DownlinkMessage, repeated: boolean): void {
    if (this.isOver) return
    this.#activeAt = this.#stage.clock.now()
    this.#delivery.sign()
    if (message.error) {
      if (!repeated && !this.#delivery.excuses(message.error.code)) this.#refuse(message)
      return
    }
    const { finalType, seq, speakStatus = '' } = message
    this.#delivery.hear(speakStatus, seq)
    if (repeated) return
    if (startStates.has(speakStatus)) {
      this.#hasStarted = true
      this.#started.resolve()
    }
    this.#onEvent(message)
    if (message.kind === 'dropped') this.#dropped(message)
    if (!overStates.has(speakStatus)) return
    this.#delivery.ended(finalType)
    this.#end({ finalType: finalType === 2 && this.refusals.onlyFinal ? 1 : finalType })
  }

  /** To be called with each new connection, before anything is sent on it. */
  connected(): void {
    if (this.isOver || !this.#wasSent) return
    this.#delivery.connected()
    // What breaks a drive off may have been lost like anything else, and does no harm twice.
    if (this.#lastWord && !this.superseded) this.#stage.channel.send(this.#lastWord.frame)
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

  /** @param first what is to be waited for first, if there is anything at this moment. */
  async #send(
    packet: Packet,
    stop: AbortSignal | undefined,
    first: () => Promise<void> | undefined,
  ): Promise<boolean> {
    const { channel, clock } = this.#stage
    for (;;) {
      if (this.isOver || this.superseded || stop?.aborted) return false
      const waiting = channel.isWritable ? first() : channel.ready()
      if (waiting !== undefined) await this.#unless(waiting, stop)
      else if (this.#sendNow(packet)) return true
      else await pause(clock, retrySendMs, stop ?? this.#life.signal)
    }
  }

  #sendNow(packet: Packet): boolean {
    if (this.isOver || this.superseded || !this.#stage.channel.isWritable) return false
    if (!this.#pass(packet.frame)) return false
    this.#delivery.sent(packet)
    if (!this.#wasSent) {
      this.#wasSent = true
      this.#stage.drives.begun(this)
      this.#sent.resolve()
      this.#watch()
    }
    return true
  }

  #pass(frame: string): boolean {
    if (!this.#stage.channel.send(frame)) return false
    this.#activeAt = this.#stage.clock.now()
    return true
  }

  #refuse({ error, kind, requestId }: DownlinkMessage): void {
    if (!error) return
    const { sessionId } = this.#stage
    const { reqId } = this
    const refusal = new IvhApiError(error.code, error.message, { reqId, sessionId, requestId })
    const { confirms, known, tail } = this.#delivery
    if (confirms === 'whole' || kind === 'status' || !Refusals.isOfPacket(error.code)) {
      this.fail(refusal)
      return
    }
    this.refusals.add(refusal, known && tail.hasFinal)
    // It has nothing of it.
    if (!known && this.refusals.count >= tail.sentSeq) this.fail(this.refusals.error)
    else if (this.refusals.count === 1) void this.#awaitSilence()
  }

  /** It may be over, and no event tells. */
  async #awaitSilence(): Promise<void> {
    const { clock, speakStatus } = this.#stage
    while (await pause(clock, silenceLookMs, this.#life.signal)) {
      if (isSilent(await speakStatus())) return this.abandon()
    }
  }

  #dropped({ requestId }: DownlinkMessage): void {
    const { sessionId } = this.#stage
    const { reqId } = this
    this.fail(
      new IvhSessionError(
        'not-interruptible',
        'The service dropped the utterance: what it is speaking must not be interrupted',
        {
          sessionId,
          reqId,
          requestId,
          hint: 'Say it again when that is over, or a text with interrupt: true, which forces it.',
        },
      ),
    )
  }

  #watch(): void {
    const { channel, clock, sessionId } = this.#stage
    const limit = this.#delivery.known ? longestSilenceMs : answerMs
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
    const timeout = new IvhTimeoutError(
      `Nothing was heard of the utterance for ${limit} ms`,
      limit,
      {
        sessionId,
        reqId: this.reqId,
        hint: 'Look at session.stat(); the utterance may be spoken all the same.',
      },
    )
    this.fail(this.refusals.error ?? timeout)
  }

  #end(end: DriveEnd): void {
    if (this.isOver) return
    this.#ended.resolve(end)
    this.#release()
  }

  #release(): void {
    this.#sent.resolve()
    this.#started.resolve()
    this.#cancelWatch?.()
    this.#life.abort()
    this.#stage.drives.delete(this)
  }

  #unless(waiting: Promise<void>, stop: AbortSignal | undefined): Promise<void> {
    const life = this.#life.signal
    return stop ? unless(waiting, life, stop) : unless(waiting, life)
  }
}
