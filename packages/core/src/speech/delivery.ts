import { pause } from '../async/pause'
import { IvhSessionError } from '../errors'
import { unless } from './fired'
import { Pacer } from './pacer'
import type { Packet } from './packet'
import { type Confirms, type Knowledge, type OnUncertain, recover } from './recovery'
import type { Stage } from './stage'
import { UnconfirmedTail } from './unconfirmed-tail'

/** The refusals of what the service had already come within this. */
const refusalsMs = 500
/** How a packet that comes again is refused: out of turn, or not at this moment. */
const refusalCodes = new Set([100001, 110015])

export interface DeliveryParts {
  readonly reqId: string
  readonly confirms: Confirms
  readonly onUncertain: OnUncertain
  /** Fires when the drive is over. */
  readonly life: AbortSignal
  /** Sends a frame that was lost. False when there is no connection. */
  readonly resend: (frame: string) => boolean
  readonly onDoubt: (error: IvhSessionError) => void
  /** It will not be heard, or not any more, and no event tells of it. */
  readonly onOver: () => void
}

/**
 * What the service has of a drive, as far as it tells. When the connection is lost, what it has not
 * confirmed is kept; after a reconnect {@link recover} finds out what is to be sent again.
 */
export class Delivery implements Knowledge {
  readonly tail = new UnconfirmedTail()
  heard = false
  known = false
  idle = false
  quietSince = 0
  readonly #stage: Stage
  readonly #parts: DeliveryParts
  #uncertain: IvhSessionError | undefined
  /** A connection was lost while something was unconfirmed. */
  #lossy = false
  #resent = false
  #brokenOff = false
  /** So many refusals mean no more than that the service had it already. */
  #refusable = 0
  #recovery: { readonly cancel: AbortController; readonly done: Promise<void> } | undefined

  constructor(stage: Stage, parts: DeliveryParts) {
    this.#stage = stage
    this.#parts = parts
    parts.life.addEventListener('abort', () => this.#cancelRecovery(), { once: true })
  }

  get confirms(): Confirms {
    return this.#parts.confirms
  }

  get onUncertain(): OnUncertain {
    return this.#brokenOff ? 'report' : this.#parts.onUncertain
  }

  /** Why nobody can know what was heard, once that is so: nothing but the final packet may follow. */
  get uncertain(): IvhSessionError | undefined {
    return this.#uncertain
  }

  /** Settles when it is clear what becomes of what was lost; undefined when nothing is in question. */
  get recovering(): Promise<void> | undefined {
    return this.#recovery?.done
  }

  /** To be called with each packet that goes out. */
  sent(packet: Packet): void {
    this.idle = false
    this.tail.add(packet)
  }

  /** Takes any sign of the service about the drive. */
  sign(): void {
    this.quietSince = this.#stage.clock.now()
  }

  /** Takes an event of the drive. */
  hear(speakStatus: string, seq: number): void {
    this.heard = true
    this.known = true
    this.tail.confirm(1)
    // Only start and end are trusted with a Seq: no document says what SentenceNext counts.
    if (this.confirms !== 'sentences') return
    if (speakStatus !== 'SentenceStart' && speakStatus !== 'SentenceOver') return
    this.tail.confirm(seq)
    this.idle = speakStatus === 'SentenceOver' && seq >= this.tail.confirmedSeq
  }

  /** Whether a refusal means no more than that the service had a packet already. */
  excuses(code: number): boolean {
    const harmless = this.#refusable > 0 || (this.#brokenOff && this.#lossy)
    if (!harmless || !refusalCodes.has(code)) return false
    this.#refusable = Math.max(0, this.#refusable - 1)
    this.#stage.logger.debug(
      `${this.#parts.reqId}: the service had a packet already that was sent again`,
    )
    return true
  }

  /** From now on nothing is sent again, and what ends it may be refused for what is missing before it. */
  breakOff(): void {
    this.#brokenOff = true
    if (!this.#recovery) return
    this.#cancelRecovery()
    this.#findOut()
  }

  connected(): void {
    this.#cancelRecovery()
    this.#lossy ||= this.tail.hasContent || this.#brokenOff
    this.#refusable = 0
    this.heard = false
    this.quietSince = this.#stage.clock.now()
    this.#findOut()
  }

  /** Takes the service's word that the drive ended. */
  ended(finalType: number | undefined): void {
    if (!this.#lossy || this.confirms === 'whole' || !this.tail.hasContent) return
    // Whether it was complete cannot be known.
    if (finalType === 2 || (finalType === undefined && !this.#resent)) this.#doubt()
  }

  #findOut(): void {
    if (this.#uncertain) return
    // Of what was broken off only one thing is to be known: whether a text may still begin.
    if (this.#brokenOff && (this.confirms !== 'whole' || this.known)) return
    const cancel = new AbortController()
    const recovery = { cancel, done: this.#recover(cancel.signal) }
    this.#recovery = recovery
    const settled = () => {
      if (this.#recovery === recovery) this.#recovery = undefined
    }
    recovery.done.then(settled, settled)
  }

  async #recover(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#stage
    const verdict = await recover(this, this.#stage, signal)
    if (signal.aborted) return
    if (verdict === 'over' || (verdict === 'resend' && this.#brokenOff)) return this.#parts.onOver()
    if (verdict === 'uncertain' && !this.#brokenOff) return this.#doubt()
    if (verdict !== 'resend') return
    logger.debug(`${this.#parts.reqId}: ${this.tail.packets.length} packet(s) are sent again`)
    await this.#resend(signal)
    // A refusal must not be taken for one of what follows.
    if (!this.tail.hasContent || this.confirms === 'whole') return
    await pause(clock, refusalsMs, signal)
    if (!this.tail.hasFinal) this.#refusable = 0
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
      if (!channel.isWritable) await unless(channel.ready(), signal)
      // Lost again: the next connection recovers it.
      if (signal.aborted || !this.#parts.resend(frame)) return
      pacer.sent()
      if (seq === 1 && text !== undefined) spacing.sent()
    }
  }

  #doubt(): void {
    if (this.#uncertain) return
    const { uncertain } = this.tail
    const { firstSeq, lastSeq } = uncertain
    const packets =
      firstSeq === lastSeq ? `packet ${firstSeq}` : `packets ${firstSeq} to ${lastSeq}`
    this.#uncertain = new IvhSessionError(
      'delivery-unknown',
      `The connection was lost and the service does not tell whether it has ${packets} of the utterance`,
      {
        sessionId: this.#stage.sessionId,
        reqId: this.#parts.reqId,
        uncertain,
        hint: 'What came before was heard. Say the rest again when hearing a part twice does no harm, or pass onUncertain: "resend".',
      },
    )
    this.#parts.onDoubt(this.#uncertain)
  }

  #cancelRecovery(): void {
    this.#recovery?.cancel.abort()
    this.#recovery = undefined
  }
}
