import { createDeferred, type Deferred } from '../../async/deferred'
import { atMost, unless } from '../../async/race'
import type { DownlinkMessage } from '../../protocol/downlink'
import type { Command } from '../command/command'
import { SentenceBuffer } from '../text/sentence-buffer'
import { spokenMarkup } from '../text/ssml'
import { longestPacketBytes, StreamUtterance } from './stream-utterance'

/** Timeout for SentenceNext, in milliseconds. A missing SentenceNext must not block the speech forever. */
const longestSentenceMs = 120_000
/**
 * Pause after which a text that ends like a sentence counts as a sentence, in milliseconds. Models call tools
 * in such pauses.
 */
const thoughtMs = 500

/** An utterance in whole sentences. Each sentence is sent when the service asks for it (`SentenceNext`). */
export class SentenceUtterance extends StreamUtterance {
  protected readonly confirmedBy = 'sentences'
  readonly #buffer = new SentenceBuffer(longestPacketBytes)
  /** Resolves when the service asks for a sentence. */
  #requested: Deferred<void> = createDeferred()

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    for (;;) {
      const next = this.source.next()
      if (this.#buffer.holdsSentence && (await this.staysSilent(next, thoughtMs))) {
        if (!(await this.#sendEach(command, this.#buffer.take(), stop))) return false
      }
      const { done, value } = await next
      if (done) break
      const sentences = this.#buffer.push(spokenMarkup(value))
      if (!(await this.#sendEach(command, sentences, stop))) return false
    }
    if (!stop.aborted) await this.#sendEach(command, this.#buffer.take(), stop)
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
