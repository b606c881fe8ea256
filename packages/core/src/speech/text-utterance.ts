import type { Drive } from './drive'
import { spokenParts } from './spoken-parts'
import type { Stage } from './stage'
import { fired, Utterance, type UtteranceOptions } from './utterance'

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
      const drive = this.drive()
      const stopped = fired(stop)
      try {
        const sending = drive.send({ Command: 'SEND_TEXT', Data: { Text, ...this.#extras } })
        sending.then(
          (sent) => sent && spacing.sent(),
          () => {},
        )
        await Promise.race([sending, stopped.promise])
        if (drive.wasSent) await Promise.race([drive.ended, stopped.promise])
        if (stop.aborted) return await this.#cut(drive)
        const { finalType } = await drive.ended
        if (finalType === 3) return this.markInterrupted()
      } finally {
        stopped.forget()
      }
    }
  }

  async #cut(drive: Drive): Promise<void> {
    if (!drive.wasSent) return drive.abandon()
    if (drive.isOver) return
    if (!this.superseded) {
      // An interrupt may be sent only after TextStart (1240/100397).
      await Promise.race([drive.started, drive.ended])
      if (drive.isOver) return
      const { channel, createId } = this.stage
      await Promise.race([channel.ready(), drive.ended])
      const silence = { Command: 'SEND_TEXT', Data: { Text: '', Interrupt: true } } as const
      if (!drive.isOver) channel.send(createId(), silence)
    }
    await this.settled(drive)
  }
}
