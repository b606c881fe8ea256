import { createDeferred, type Deferred } from '../../async/deferred'
import { atMost, unless } from '../../async/race'
import type { DownlinkMessage } from '../../protocol/downlink'
import type { Command } from '../command/command'
import type { SpeechContext } from '../command/speech-context'
import { SentenceBuffer } from '../text/sentence-buffer'
import { type Source, SourceReader } from './source-reader'
import {
  longestPacketBytes,
  type StreamExtras,
  StreamUtterance,
  textMaterial,
} from './stream-utterance'
import type { UtteranceOptions } from './utterance'

/** Timeout for SentenceNext, in milliseconds. A missing SentenceNext must not block the speech forever. */
const longestSentenceMs = 120_000
/**
 * Pause after which a text that ends like a sentence counts as a sentence, in milliseconds. Models call tools
 * in such pauses.
 */
const thoughtMs = 500

/** An utterance in whole sentences. Each sentence is sent when the service asks for it (`SentenceNext`). */
export class SentenceUtterance extends StreamUtterance {
  protected override readonly extras: StreamExtras
  readonly #buffer = new SentenceBuffer(longestPacketBytes)
  /** Resolves when the service asks for a sentence. */
  #requested: Deferred<void> = createDeferred()

  constructor(
    context: SpeechContext,
    source: Source<string>,
    extras: StreamExtras,
    options: UtteranceOptions,
  ) {
    super(context, new SourceReader(source, textMaterial), 'sentences', options)
    this.extras = { IsSentence: true, ...extras }
  }

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    for (;;) {
      const next = this.source.next()
      if (this.#buffer.holdsSentence && (await this.staysSilent(next, thoughtMs))) {
        if (!(await this.#sendEach(command, this.#buffer.take(), stop))) return false
      }
      const { done, value } = await next
      if (done) break
      if (!(await this.#sendEach(command, this.#buffer.push(value), stop))) return false
    }
    if (!stop.aborted) await this.#sendEach(command, this.#buffer.flush(), stop)
    return false
  }

  protected override receive({ sentSeq }: Command, { seq, speakStatus }: DownlinkMessage): void {
    const isLastOver = speakStatus === 'SentenceOver' && seq === sentSeq
    if (speakStatus === 'SentenceNext' || isLastOver) this.#requested.resolve()
  }

  async #sendEach(
    command: Command,
    sentences: readonly string[],
    stop: AbortSignal,
  ): Promise<boolean> {
    for (const sentence of sentences) {
      if (sentence.trim() === '') continue
      if (command.wasSent) await this.#awaitRequest(stop)
      if (stop.aborted) return false
      this.#requested = createDeferred()
      if (!(await this.sendText(command, sentence, stop))) return false
    }
    return true
  }

  async #awaitRequest(stop: AbortSignal): Promise<void> {
    await atMost(this.context.clock, longestSentenceMs, unless(this.#requested.promise, stop))
  }
}
