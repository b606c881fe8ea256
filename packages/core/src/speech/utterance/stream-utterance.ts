import { commandFrame } from '../../channel/command-frame'
import type { Command, CommandEnd } from '../command/command'
import type { SpeechContext } from '../command/speech-context'
import type { Packet } from '../command/unconfirmed-packets'
import { isSsml, type Ssml } from '../text/ssml'
import { type Closing, PacketUtterance } from './packet-utterance'
import type { Material, Source } from './source-reader'
import type { UtteranceOptions } from './utterance'

/**
 * Maximum size of a packet, in bytes of UTF-8. The vendor's newer page says 2,000 (1240/100399), the older
 * page 1,000 (1211/62115).
 */
export const longestPacketBytes = 1_000

const textMaterial: Material<string | Ssml> = {
  name: 'a string or a value of the ssml tag',
  is: (value) => typeof value === 'string' || isSsml(value),
}

/** Optional fields of SEND_STREAMTEXT. */
export interface StreamExtras {
  readonly SmartActionEnabled?: boolean
  readonly VideoSeiInfo?: string
}

/** An utterance from a text that arrives in fragments. The final packet is always sent. */
export abstract class StreamUtterance extends PacketUtterance<string | Ssml> {
  readonly kind = 'stream'
  readonly #extras: StreamExtras

  constructor(
    context: SpeechContext,
    source: Source<unknown>,
    extras: StreamExtras,
    options: UtteranceOptions,
  ) {
    super(context, source, textMaterial, options)
    this.#extras = extras
  }

  /** Sends the next text. The first text keeps the minimum interval to earlier texts of the session. */
  protected sendText(command: Command, text: string, stop: AbortSignal): Promise<boolean> {
    const data = { Text: text, Seq: command.sentSeq + 1, IsFinal: false, ...this.#fields }
    const packet = this.#packet(command, data)
    return command.wasSent ? command.send(packet, stop) : this.#sendFirst(command, packet, stop)
  }

  protected override closing(command: Command, seq: number, how: Closing): Packet {
    const rest = how === 'complete' ? this.#fields : { Interrupt: true }
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

  /** The optional fields of each packet. */
  get #fields() {
    return { ...(this.confirmedBy === 'sentences' && { IsSentence: true }), ...this.#extras }
  }

  async #sendFirst(command: Command, packet: Packet, stop: AbortSignal): Promise<boolean> {
    const { textPacer } = this.context
    if (!(await textPacer.due(stop)) || !(await command.send(packet, stop))) return false
    textPacer.sent()
    return true
  }

  #packet(
    { reqId }: Command,
    Data: { readonly Text: string; readonly Seq: number; readonly IsFinal: boolean },
  ): Packet {
    const frame = commandFrame(this.context.sessionId, reqId, { Command: 'SEND_STREAMTEXT', Data })
    return { seq: Data.Seq, frame, final: Data.IsFinal, text: Data.Text }
  }
}
