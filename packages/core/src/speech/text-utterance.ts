import { commandFrame } from '../channel/command-frame'
import { pause } from '../sessions/pause'
import { type Drive, retrySendMs } from './drive'
import { fired } from './fired'
import type { Packet } from './packet'
import { spokenParts } from './spoken-parts'
import type { Stage } from './stage'
import { Utterance, type UtteranceOptions } from './utterance'

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
    // Told to stop, it must not begin after all.
    drive.stopRecovering()
    if (!this.superseded) {
      // An interrupt may be sent only after TextStart (1240/100397).
      await Promise.race([drive.started, drive.ended])
      await this.#silence(drive)
    }
    await this.settled(drive)
  }

  async #silence(drive: Drive): Promise<void> {
    const { channel, clock, createId, sessionId } = this.stage
    const Data = { Text: '', Interrupt: true }
    const frame = commandFrame(sessionId, createId(), { Command: 'SEND_TEXT', Data })
    for (;;) {
      await Promise.race([channel.ready(), drive.ended])
      if (drive.isOver || channel.send(frame)) return
      await pause(clock, retrySendMs)
    }
  }
}
