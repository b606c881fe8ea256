import { commandFrame } from '../channel/command-frame'
import { createDeferred, type Deferred } from '../channel/deferred'
import type { DownlinkMessage } from '../protocol/downlink'
import { pause } from '../sessions/pause'
import type { Drive, DriveEnd } from './drive'
import { fired } from './fired'
import { FragmentBuffer } from './fragment-buffer'
import type { Packet } from './packet'
import { type Closing, PacketUtterance } from './packet-utterance'
import { SentenceBuffer } from './sentence-buffer'
import { type Source, SourceReader } from './source-reader'
import type { Stage } from './stage'
import type { UtteranceOptions } from './utterance'

/** The newer of the vendor's pages says 2,000 (1240/100399), the other 1,000 (1211/62115). */
export const longestPacketBytes = 1_000
/** A SentenceNext that never comes must not hold the speech for ever. */
const longestSentenceMs = 120_000

export interface StreamExtras {
  readonly SmartActionEnabled?: boolean
  readonly VideoSeiInfo?: string
}

/**
 * A text that comes in fragments, under one ReqId: whole sentences, the next when the service asks for
 * it (`SentenceNext`), or fragments as they come. The final packet is always sent.
 */
export class StreamUtterance extends PacketUtterance {
  readonly kind = 'stream'
  readonly #source: Source<string>
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
    super(stage, mode === 'sentence' ? 'sentences' : 'first', options)
    this.#source = source
    this.#mode = mode
    this.#extras = extras
  }

  protected override async sendAll(drive: Drive, stop: AbortSignal): Promise<void> {
    const reader = new SourceReader(this.#source, stop)
    const buffer =
      this.#mode === 'sentence'
        ? new SentenceBuffer(longestPacketBytes)
        : new FragmentBuffer(longestPacketBytes)
    try {
      for (let fragment = await reader.next(); fragment !== undefined; ) {
        await this.#sendEach(drive, buffer.push(fragment), stop)
        fragment = await reader.next()
      }
      if (!stop.aborted) await this.#sendEach(drive, buffer.flush(), stop)
    } finally {
      reader.release()
    }
  }

  protected override closing(drive: Drive, seq: number, how: Closing): Packet {
    const cut = how === 'complete' ? {} : { Interrupt: true as const }
    return this.#packet(drive, seq, { Text: '', IsFinal: true, ...cut })
  }

  protected override wasCut({ finalType }: DriveEnd): boolean {
    return finalType === 3
  }

  protected override hear({ seq, speakStatus }: DownlinkMessage): void {
    const spoken = speakStatus === 'SentenceOver' && seq === this.seq
    if (speakStatus === 'SentenceNext' || spoken) this.#wanted.resolve()
  }

  async #sendEach(drive: Drive, texts: readonly string[], stop: AbortSignal): Promise<void> {
    for (const text of texts) {
      if (this.#mode === 'sentence' && text.trim() === '') continue
      const first = this.seq === 0
      if (first && !(await this.stage.spacing.due(stop))) return
      if (!first && this.#mode === 'sentence') await this.#awaitWanted(stop)
      if (stop.aborted) return
      if (this.#mode === 'sentence') this.#wanted = createDeferred()
      const packet = this.#packet(drive, this.seq + 1, { Text: text, IsFinal: false })
      if (!(await this.deliver(drive, packet, stop))) return
      if (first) this.stage.spacing.sent()
    }
  }

  #packet(
    { reqId }: Drive,
    seq: number,
    data: { Text: string; IsFinal: boolean; Interrupt?: true },
  ): Packet {
    const mode = this.#mode === 'sentence' && !data.Interrupt ? { IsSentence: true } : {}
    const extras = data.Interrupt ? {} : this.#extras
    const Data = { ...data, Seq: seq, ...mode, ...extras }
    const frame = commandFrame(this.stage.sessionId, reqId, { Command: 'SEND_STREAMTEXT', Data })
    return { seq, frame, final: data.IsFinal, text: data.Text }
  }

  async #awaitWanted(stop: AbortSignal): Promise<void> {
    const patience = new AbortController()
    const stopped = fired(stop)
    const waited = pause(this.stage.clock, longestSentenceMs, patience.signal)
    await Promise.race([this.#wanted.promise, stopped.promise, waited])
    patience.abort()
    stopped.forget()
  }
}
