import { createDeferred, type Deferred } from '../async/deferred'
import { commandFrame, textFrames } from '../channel/command-frame'
import type { DownlinkMessage } from '../protocol/downlink'
import { atMost } from './at-most'
import type { Drive, DriveEnd } from './drive'
import { unless } from './fired'
import { FragmentBuffer } from './fragment-buffer'
import type { Packet } from './packet'
import { type Closing, PacketUtterance } from './packet-utterance'
import { SentenceBuffer } from './sentence-buffer'
import { type Material, type Source, SourceReader } from './source-reader'
import type { Stage } from './stage'
import type { UtteranceOptions } from './utterance'

/** The newer of the vendor's pages says 2,000 (1240/100399), the other 1,000 (1211/62115). */
export const longestPacketBytes = 1_000
/** A SentenceNext that never comes must not hold the speech for ever. */
const longestSentenceMs = 120_000
/** What ends like a sentence is one when nothing follows it for so long: models call tools in between. */
const thoughtMs = 500
/** A final packet sent so long before the service ends the stream itself arrives in time. */
const finalAheadMs = 400

const text: Material<string> = {
  name: 'a string',
  is: (value) => typeof value === 'string',
}

export interface StreamExtras {
  readonly SmartActionEnabled?: boolean
  readonly VideoSeiInfo?: string
}

/**
 * A text that comes in fragments: whole sentences under one ReqId, the next when the service asks for it
 * (`SentenceNext`), or fragments as they come, under another ReqId after each pause. The final packet is
 * always sent.
 */
export class StreamUtterance extends PacketUtterance<string> {
  readonly kind = 'stream'
  readonly #buffer: SentenceBuffer | FragmentBuffer
  /** What the source was asked for when it paused. */
  #asked: Promise<IteratorResult<string, undefined>> | undefined
  readonly #mode: 'sentence' | 'fragment'
  readonly #extras: StreamExtras
  /** Whether the service wants a sentence. */
  #wanted: Deferred<void> = createDeferred()

  constructor(
    stage: Stage,
    source: Source<string>,
    mode: 'sentence' | 'fragment',
    extras: StreamExtras,
    options: UtteranceOptions,
  ) {
    super(
      stage,
      new SourceReader(source, text),
      mode === 'sentence' ? 'sentences' : 'first',
      options,
    )
    this.#mode = mode
    this.#buffer =
      mode === 'sentence'
        ? new SentenceBuffer(longestPacketBytes)
        : new FragmentBuffer(longestPacketBytes)
    this.#extras = extras
  }

  protected override async sendAll(drive: Drive, stop: AbortSignal): Promise<boolean> {
    const { clock } = this.stage
    const packet = this.#contentOf(drive)
    let quietSince = clock.now()
    for (;;) {
      this.#asked ??= this.source.next()
      if (await this.#pauses(this.#asked, quietSince)) return true
      for (const text of await this.#restBefore(this.#asked)) {
        if (!(await this.#send(drive, packet(text), stop))) return false
      }
      const { done, value } = await this.#asked
      this.#asked = undefined
      if (done) break
      for (const text of this.#buffer.push(value)) {
        const next = packet(text)
        if (!(this.#sendNow(drive, next) || (await this.#send(drive, next, stop)))) return false
        quietSince = clock.now()
      }
    }
    for (const text of stop.aborted ? [] : this.#buffer.flush()) {
      if (!(await this.#send(drive, packet(text), stop))) return false
    }
    return false
  }

  protected override closing({ reqId }: Drive, seq: number, how: Closing): Packet {
    const last = { Text: '', IsFinal: true, Seq: seq }
    const Data =
      how === 'complete'
        ? { ...last, ...this.#sentences, ...this.#extras }
        : { ...last, Interrupt: true }
    const frame = commandFrame(this.stage.sessionId, reqId, { Command: 'SEND_STREAMTEXT', Data })
    return { seq, frame, final: true, text: '' }
  }

  protected override wasCut({ finalType }: DriveEnd): boolean {
    return finalType === 3
  }

  protected override hear({ seq, speakStatus }: DownlinkMessage): void {
    const spoken = speakStatus === 'SentenceOver' && seq === this.seq
    if (speakStatus === 'SentenceNext' || spoken) this.#wanted.resolve()
  }

  /** A fragment need not wait for anything but the channel, once the first has gone. */
  #sendNow(drive: Drive, packet: Packet): boolean {
    return this.#mode === 'fragment' && this.seq > 0 && this.deliverNow(drive, packet)
  }

  /** Resolves with false when it was stopped. */
  async #send(drive: Drive, packet: Packet, stop: AbortSignal): Promise<boolean> {
    if (this.#mode === 'sentence' && packet.text?.trim() === '') return true
    const first = this.seq === 0
    if (first && !(await this.stage.spacing.due(stop))) return false
    if (!first && this.#mode === 'sentence') await this.#awaitWanted(stop)
    if (stop.aborted) return false
    if (this.#mode === 'sentence') this.#wanted = createDeferred()
    if (!(await this.deliver(drive, packet, stop))) return false
    if (first) this.stage.spacing.sent()
    return true
  }

  #contentOf({ reqId }: Drive): (text: string) => Packet {
    const frame = textFrames(this.stage.sessionId, reqId, { ...this.#sentences, ...this.#extras })
    return (text) => {
      const seq = this.seq + 1
      return { seq, frame: frame(text, seq), final: false, text }
    }
  }

  get #sentences(): { readonly IsSentence?: true } {
    return this.#mode === 'sentence' ? { IsSentence: true } : {}
  }

  /**
   * Whether the source gives nothing for so long that the service would end the stream: better to end it
   * here, because of what comes too late the service does not tell what it takes.
   */
  async #pauses(asked: Promise<unknown>, quietSince: number): Promise<boolean> {
    if (this.#mode === 'sentence' || this.seq === 0) return false
    const { clock, streamMaxIntervalMs } = this.stage
    const leftMs = quietSince + streamMaxIntervalMs - finalAheadMs - clock.now()
    return await this.#keepsWaiting(asked, Math.max(0, leftMs))
  }

  /** A sentence that the source has ended, as it seems, and after which it thinks. */
  async #restBefore(asked: Promise<unknown>): Promise<string[]> {
    const buffer = this.#buffer
    if (!(buffer instanceof SentenceBuffer) || !buffer.holdsSentence) return []
    return (await this.#keepsWaiting(asked, thoughtMs)) ? buffer.take() : []
  }

  #keepsWaiting(asked: Promise<unknown>, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.stage.clock.after(ms, () => resolve(true))
      const goOn = () => {
        cancel()
        resolve(false)
      }
      asked.then(goOn, goOn)
    })
  }

  async #awaitWanted(stop: AbortSignal): Promise<void> {
    await atMost(this.stage.clock, longestSentenceMs, unless(this.#wanted.promise, stop))
  }
}
