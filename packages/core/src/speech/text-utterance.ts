import { commandFrame } from '../channel/command-frame'
import { atMost } from './at-most'
import type { Drive } from './drive'
import { fired } from './fired'
import type { Packet } from './packet'
import { spokenParts } from './spoken-parts'
import type { Stage } from './stage'
import { interruptMs, Utterance, type UtteranceOptions } from './utterance'

/** SEND_TEXT takes so many bytes of UTF-8 (1240/100397). */
export const longestTextBytes = 4_000

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
    const { spacing } = this.stage
    for (const Text of spokenParts(this.#text, longestTextBytes)) {
      if (!(await spacing.due(stop))) return
      const drive = this.drive('whole')
      if (await drive.send(this.#packet(drive, Text), stop)) {
        spacing.sent()
        const stopped = fired(stop)
        await Promise.race([drive.ended, stopped.promise]).finally(stopped.forget)
      }
      if (stop.aborted) return await this.#cut(drive)
      const { finalType } = await drive.ended
      if (finalType === 3) return this.markInterrupted()
    }
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
