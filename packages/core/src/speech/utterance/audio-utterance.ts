import { commandFrame } from '../../channel/command-frame'
import type { Command, CommandEnd } from '../command/command'
import { audioPace, Pacer } from '../command/pacer'
import type { SpeechContext } from '../command/speech-context'
import type { Packet } from '../command/unconfirmed-packets'
import { audioFormat, audioPackets } from './audio-packets'
import { type Closing, PacketUtterance } from './packet-utterance'
import { type Material, type Source, typeOf } from './source-reader'
import type { UtteranceOptions } from './utterance'

const pcm: Material<Uint8Array> = {
  name: 'a Uint8Array',
  is: (value): value is Uint8Array => typeOf(value) === 'Uint8Array',
}
const bytesPerMs = (audioFormat.sampleRate * audioFormat.bytesPerSample) / 1_000

/** Optional fields of the first SEND_AUDIO. */
export interface AudioExtras {
  readonly VideoSeiInfo?: string
}

/** An utterance from the caller's audio, paced or live, with an empty final packet. */
export class AudioUtterance extends PacketUtterance<Uint8Array> {
  readonly kind = 'audio'
  protected readonly confirmedBy = 'first'
  readonly #live: boolean
  readonly #extras: AudioExtras
  /** Time at which the playback of the last packet ends. */
  #heardAt = 0

  constructor(
    context: SpeechContext,
    source: Source<Uint8Array>,
    live: boolean,
    extras: AudioExtras,
    options: UtteranceOptions,
  ) {
    super(context, source, pcm, options)
    this.#live = live
    this.#extras = extras
  }

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    const { clock } = this.context
    const pacer = new Pacer(clock, audioPace)
    const packets = audioPackets(this.source)
    try {
      for (let next = packets.next(); ; ) {
        const { done, value: audio } = await next
        if (done || stop.aborted) return false
        const packet = this.#packet(command, command.sentSeq + 1, audio)
        // Read one packet ahead, so that a slow source keeps the pace.
        next = packets.next()
        next.catch(() => {})
        if (!this.#live && !(await pacer.due(stop))) return false
        if (!(await command.send(packet, stop))) return false
        pacer.sent()
        this.#heardAt = Math.max(this.#heardAt, clock.now()) + audio.length / bytesPerMs
      }
    } catch (error) {
      // Ignore the error of an interrupt, which may cut a sample in two.
      if (!stop.aborted) throw error
      return false
    }
  }

  protected override closing(command: Command, seq: number, how: Closing): Packet | undefined {
    return how === 'cut-after-all' ? undefined : this.#packet(command, seq)
  }

  /**
   * Length of the sent audio that was not played yet, in milliseconds. Packets may arrive faster than the
   * service plays them.
   */
  protected override unheardMs(): number {
    return Math.max(0, this.#heardAt - this.context.clock.now())
  }

  protected override wasCut({ finalType }: CommandEnd): boolean {
    return finalType !== undefined && finalType !== 1
  }

  /** @param audio Undefined for the final packet. */
  #packet({ reqId }: Command, seq: number, audio?: Buffer): Packet {
    const Audio = audio?.toString('base64') ?? ''
    const final = audio === undefined
    const Data = { Audio, Seq: seq, IsFinal: final, ...(seq === 1 && this.#extras) }
    const frame = commandFrame(this.context.sessionId, reqId, { Command: 'SEND_AUDIO', Data })
    return { seq, frame, final, text: undefined }
  }
}
