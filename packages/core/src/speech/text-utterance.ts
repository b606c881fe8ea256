import { commandFrame } from '../channel/command-frame'
import { IvhApiError } from '../errors'
import { atMost } from './at-most'
import type { Drive, DriveEnd } from './drive'
import { fired } from './fired'
import type { Packet } from './packet'
import { spokenParts } from './spoken-parts'
import type { Stage } from './stage'
import { interruptMs, Utterance, type UtteranceOptions } from './utterance'

/** SEND_TEXT takes so many bytes of UTF-8 (1240/100397). */
export const longestTextBytes = 4_000

/** A text was not taken, because it came too soon after another. */
const tooSoonCode = 100012
/** So often it is sent again: the network may bring two texts closer together than they were sent. */
const mostRepeats = 2

/** What may go along with a text. */
export interface TextExtras {
  readonly ChatCommand?: string
  readonly ChatRoundId?: string
  readonly CloudAiVisitorBizId?: string
  readonly VideoSeiInfo?: string
  readonly SmartActionEnabled?: boolean
  readonly Interrupt?: boolean
}

/** A whole text, in as many commands as its length asks for, one after the other. */
export class TextUtterance extends Utterance {
  readonly kind = 'text'
  readonly #text: string
  readonly #extras: TextExtras

  constructor(stage: Stage, text: string, extras: TextExtras, options: UtteranceOptions) {
    super(stage, options)
    this.#text = text
    this.#extras = extras
  }

  protected override async perform(stop: AbortSignal): Promise<void> {
    for (const Text of spokenParts(this.#text, longestTextBytes)) {
      const end = await this.#speak(Text, stop, mostRepeats)
      if (!end) return
      if (end.finalType === 3) return this.markInterrupted()
    }
  }

  /** Resolves when it has been spoken; with undefined when `stop` fired before. */
  async #speak(Text: string, stop: AbortSignal, repeats: number): Promise<DriveEnd | undefined> {
    const { spacing } = this.stage
    if (!(await spacing.due(stop))) return undefined
    try {
      return await this.#attempt(Text, stop)
    } catch (error) {
      const tooSoon = error instanceof IvhApiError && error.code === tooSoonCode
      if (!tooSoon || repeats === 0) throw error
    }
    spacing.sent()
    return this.#speak(Text, stop, repeats - 1)
  }

  async #attempt(Text: string, stop: AbortSignal): Promise<DriveEnd | undefined> {
    const drive = this.drive('whole')
    if (await drive.send(this.#packet(drive, Text), stop)) {
      this.stage.spacing.sent()
      const stopped = fired(stop)
      await Promise.race([drive.ended, stopped.promise]).finally(stopped.forget)
    }
    if (!stop.aborted) return await drive.ended
    await this.#cut(drive)
    return undefined
  }

  #packet({ reqId }: Drive, Text: string): Packet {
    const command = { Command: 'SEND_TEXT', Data: { Text, ...this.#extras } } as const
    const frame = commandFrame(this.stage.sessionId, reqId, command)
    return { seq: 1, frame, final: false, text: Text }
  }

  async #cut(drive: Drive): Promise<void> {
    if (!drive.wasSent) return drive.abandon()
    if (drive.isOver) return
    drive.stopRecovering()
    // The text that follows cuts it off by itself, as soon as it is sent; it may never be.
    await Promise.race([this.successor?.sent, drive.ended])
    if (!drive.superseded) await this.#silence(drive)
    if (drive.hasStarted || drive.superseded) await this.settled(drive)
    else drive.abandon()
  }

  async #silence(drive: Drive): Promise<void> {
    const { clock, createId, sessionId } = this.stage
    // An interrupt may be sent only after TextStart (1240/100397). One that comes too early is refused, and
    // is better than none for a text that may still begin.
    await atMost(clock, interruptMs, Promise.race([drive.started, drive.ended]))
    const Data = { Text: '', Interrupt: true }
    const frame = commandFrame(sessionId, createId(), { Command: 'SEND_TEXT', Data })
    await drive.breakOff({ seq: 2, frame, final: true, text: '' })
  }
}
