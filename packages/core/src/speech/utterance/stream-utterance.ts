import { commandFrame } from '../../channel/command-frame'
import type { Command, CommandEnd } from '../command/command'
import type { Packet } from '../command/packet'
import { type Closing, PacketUtterance } from './packet-utterance'
import type { Material } from './source-reader'

/** The newer page of the vendor says 2,000 (1240/100399), the older one 1,000 (1211/62115). */
export const longestPacketBytes = 1_000

export const textMaterial: Material<string> = {
  name: 'a string',
  is: (value) => typeof value === 'string',
}

/** Optional fields of SEND_STREAMTEXT. */
export interface StreamExtras {
  readonly IsSentence?: true
  readonly SmartActionEnabled?: boolean
  readonly VideoSeiInfo?: string
}

/** A text that arrives in fragments. The final packet is always sent. */
export abstract class StreamUtterance extends PacketUtterance<string> {
  readonly kind = 'stream'
  protected abstract readonly extras: StreamExtras

  /** Sends the next text. The first one keeps its distance from earlier texts of the session. */
  protected async sendText(command: Command, text: string, stop: AbortSignal): Promise<boolean> {
    const { spacing } = this.context
    const isFirst = this.seq === 0
    if (isFirst && !(await spacing.due(stop))) return false
    const data = { Text: text, Seq: this.seq + 1, IsFinal: false, ...this.extras }
    if (!(await this.deliver(command, this.#packet(command, data), stop))) return false
    if (isFirst) spacing.sent()
    return true
  }

  protected override closing(command: Command, seq: number, how: Closing): Packet {
    const rest = how === 'complete' ? this.extras : { Interrupt: true }
    return this.#packet(command, { Text: '', Seq: seq, IsFinal: true, ...rest })
  }

  protected override wasCut({ finalType }: CommandEnd): boolean {
    return finalType === 3
  }

  /** True when the source produces nothing for `ms` more. */
  protected staysSilent(next: Promise<unknown>, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.context.clock.after(ms, () => resolve(true))
      const arrived = () => {
        cancel()
        resolve(false)
      }
      next.then(arrived, arrived)
    })
  }

  #packet(
    { reqId }: Command,
    Data: { readonly Text: string; readonly Seq: number; readonly IsFinal: boolean },
  ): Packet {
    const frame = commandFrame(this.context.sessionId, reqId, { Command: 'SEND_STREAMTEXT', Data })
    return { seq: Data.Seq, frame, final: Data.IsFinal, text: Data.Text }
  }
}
