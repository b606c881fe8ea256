import { audioFrames, commandFrame } from '../channel/command-frame'
import { audioFormat, audioPackets } from './audio-packets'
import type { Drive, DriveEnd } from './drive'
import { Pacer } from './pacer'
import type { Packet } from './packet'
import { type Closing, PacketUtterance } from './packet-utterance'
import { type Material, type Source, SourceReader, typeOf } from './source-reader'
import type { Stage } from './stage'
import type { UtteranceOptions } from './utterance'

const pcm: Material<Uint8Array> = {
  name: 'a Uint8Array',
  is: (value): value is Uint8Array => typeOf(value) === 'Uint8Array',
}
const bytesPerMs = (audioFormat.sampleRate * audioFormat.bytesPerSample) / 1_000

/** The caller's audio under one ReqId: paced, or live as it is captured, and an empty final packet. */
export class AudioUtterance extends PacketUtterance<Uint8Array> {
  readonly kind = 'audio'
  readonly #live: boolean
  readonly #extras: { readonly VideoSeiInfo?: string }
  /** When the last of what was sent will have been heard. */
  #heardAt = 0

  constructor(
    stage: Stage,
    source: Source<Uint8Array>,
    live: boolean,
    extras: { readonly VideoSeiInfo?: string },
    options: UtteranceOptions,
  ) {
    super(stage, new SourceReader(source, pcm), 'first', options)
    this.#live = live
    this.#extras = extras
  }

  protected override async sendAll(drive: Drive, stop: AbortSignal): Promise<boolean> {
    const pacer = new Pacer(this.stage.clock)
    const frame = this.#framer(drive)
    const packets = audioPackets(this.source)
    try {
      for (let next = packets.next(); ; ) {
        const { done, value: audio } = await next
        if (done || stop.aborted) return false
        const seq = this.seq + 1
        // Before more is read: the memory of the audio may be used again then.
        const lengthMs = audio.length / bytesPerMs
        const packet = { seq, frame: frame(audio, seq), final: false, text: undefined }
        // Read ahead by one, so that a source with some delay of its own keeps the pace.
        next = packets.next()
        next.catch(() => {})
        if (!this.#live && !(await pacer.due(stop))) return false
        if (!(this.deliverNow(drive, packet) || (await this.deliver(drive, packet, stop)))) {
          return false
        }
        pacer.sent()
        this.#heardAt = Math.max(this.#heardAt, this.stage.clock.now()) + lengthMs
      }
    } catch (error) {
      // What is cut off may end within a sample.
      if (!stop.aborted) throw error
      return false
    }
  }

  protected override closing(drive: Drive, seq: number, how: Closing): Packet | undefined {
    if (how === 'cut-after-all') return undefined
    return { seq, frame: this.#frame(drive, '', seq, true), final: true, text: undefined }
  }

  /** Packets may come faster than they are played. */
  protected override unheardMs(): number {
    return Math.max(0, this.#heardAt - this.stage.clock.now())
  }

  protected override wasCut({ finalType }: DriveEnd): boolean {
    return finalType !== undefined && finalType !== 1
  }

  /** What goes along with the first packet goes the long way. */
  #framer(drive: Drive): (audio: Uint8Array, seq: number) => string {
    const plain = audioFrames(this.stage.sessionId, drive.reqId)
    if (Object.keys(this.#extras).length === 0) return plain
    return (audio, seq) =>
      seq > 1
        ? plain(audio, seq)
        : this.#frame(drive, Buffer.from(audio).toString('base64'), 1, false)
  }

  #frame({ reqId }: Drive, Audio: string, Seq: number, IsFinal: boolean): string {
    const extras = Seq === 1 ? this.#extras : {}
    const Data = { Audio, Seq, IsFinal, ...extras }
    return commandFrame(this.stage.sessionId, reqId, { Command: 'SEND_AUDIO', Data })
  }
}
