import { createDeferred, type Deferred } from '../channel/deferred'
import type { DownlinkMessage } from '../protocol/downlink'
import { pause } from '../sessions/pause'
import type { Drive } from './drive'
import { FragmentBuffer } from './fragment-buffer'
import { SentenceBuffer } from './sentence-buffer'
import { type Source, SourceReader } from './source-reader'
import type { Stage } from './stage'
import { fired, Utterance, type UtteranceOptions } from './utterance'

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
export class StreamUtterance extends Utterance {
  readonly kind = 'stream'
  readonly #source: Source<string>
  readonly #mode: 'sentence' | 'fragment'
  readonly #extras: StreamExtras
  #seq = 0
  /** Whether the service wants a sentence. */
  #wanted: Deferred<void> = createDeferred()

  constructor(
    stage: Stage,
    source: Source<string>,
    mode: 'sentence' | 'fragment',
    extras: StreamExtras,
    options: UtteranceOptions,
  ) {
    super(stage, options)
    this.#source = source
    this.#mode = mode
    this.#extras = extras
  }

  protected override async perform(stop: AbortSignal): Promise<void> {
    const drive = this.drive((message) => this.#hear(message))
    // Reading stops when it shall, and when the service has ended the utterance.
    const reading = new AbortController()
    const quit = () => reading.abort()
    stop.addEventListener('abort', quit, { once: true })
    drive.ended.then(quit, quit)
    try {
      await this.#sendAll(drive, reading.signal)
    } catch (error) {
      await this.#finish(drive, stop)
      throw error
    } finally {
      stop.removeEventListener('abort', quit)
    }
    await this.#finish(drive, stop)
  }

  async #sendAll(drive: Drive, stop: AbortSignal): Promise<void> {
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

  async #sendEach(drive: Drive, texts: readonly string[], stop: AbortSignal): Promise<void> {
    for (const text of texts) {
      if (this.#mode === 'sentence' && text.trim() === '') continue
      if (this.#seq === 0 && !(await this.stage.spacing.due(stop))) return
      if (this.#seq > 0 && this.#mode === 'sentence') await this.#awaitWanted(stop)
      if (stop.aborted) return
      this.#wanted = createDeferred()
      const sending = this.#send(drive, this.#seq + 1, { Text: text, IsFinal: false })
      const stopped = fired(stop)
      await Promise.race([sending, stopped.promise]).finally(stopped.forget)
      if (!(drive.wasSent || stop.aborted)) return
      if (stop.aborted && !drive.wasSent) return drive.abandon()
      this.#seq += 1
      if (this.#seq === 1) this.stage.spacing.sent()
    }
  }

  #send(
    drive: Drive,
    Seq: number,
    data: { Text: string; IsFinal: boolean; Interrupt?: true },
  ): Promise<boolean> {
    const mode = this.#mode === 'sentence' && !data.Interrupt ? { IsSentence: true } : {}
    const extras = data.Interrupt ? {} : this.#extras
    return drive.send({ Command: 'SEND_STREAMTEXT', Data: { ...data, Seq, ...mode, ...extras } })
  }

  async #finish(drive: Drive, stop: AbortSignal): Promise<void> {
    if (this.#seq === 0) return drive.abandon()
    if (drive.isOver) {
      await drive.ended
      this.markInterrupted()
      return
    }
    const cut = stop.aborted
    const final = { Text: '', IsFinal: true, ...(cut && { Interrupt: true as const }) }
    await this.#send(drive, this.#seq + 1, final)
    if (cut) return await this.settled(drive)
    const stopped = fired(stop)
    await Promise.race([drive.ended, stopped.promise]).finally(stopped.forget)
    if (!drive.isOver) {
      await this.#send(drive, this.#seq + 2, { Text: '', IsFinal: true, Interrupt: true })
      return await this.settled(drive)
    }
    const { finalType } = await drive.ended
    if (finalType === 3) this.markInterrupted()
  }

  #hear({ seq, speakStatus }: DownlinkMessage): void {
    const spoken = speakStatus === 'SentenceOver' && seq === this.#seq
    if (speakStatus === 'SentenceNext' || spoken) this.#wanted.resolve()
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
