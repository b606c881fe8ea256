import type { Command } from '../command/command'
import type { SpeechContext } from '../command/speech-context'
import { FragmentBuffer } from '../text/fragment-buffer'
import { type Source, SourceReader } from './source-reader'
import {
  longestPacketBytes,
  type StreamExtras,
  StreamUtterance,
  textMaterial,
} from './stream-utterance'
import type { UtteranceOptions } from './utterance'

/** A final packet this long before the service ends the stream itself arrives in time. */
const finalAheadMs = 400

/** A stream of fragments, sent as they arrive. After each long pause a new command sends the rest. */
export class FragmentUtterance extends StreamUtterance {
  protected override readonly extras: StreamExtras
  readonly #buffer = new FragmentBuffer(longestPacketBytes)
  /** The read that was pending when the source paused. */
  #pending: Promise<IteratorResult<string, undefined>> | undefined

  constructor(
    context: SpeechContext,
    source: Source<string>,
    extras: StreamExtras,
    options: UtteranceOptions,
  ) {
    super(context, new SourceReader(source, textMaterial), 'first', options)
    this.extras = extras
  }

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    let sentAt = this.context.clock.now()
    for (;;) {
      this.#pending ??= this.source.next()
      if (await this.#pauses(this.#pending, sentAt)) return true
      const { done, value } = await this.#pending
      this.#pending = undefined
      if (done) break
      for (const text of this.#buffer.push(value)) {
        if (!(await this.sendText(command, text, stop))) return false
        sentAt = this.context.clock.now()
      }
    }
    for (const text of stop.aborted ? [] : this.#buffer.flush()) {
      if (!(await this.sendText(command, text, stop))) return false
    }
    return false
  }

  /**
   * True when the source pauses until shortly before the service ends the stream. The command is better
   * ended here: the service does not report which late packets it accepts.
   */
  async #pauses(next: Promise<unknown>, sentAt: number): Promise<boolean> {
    if (this.seq === 0) return false
    const { clock, streamMaxIntervalMs } = this.context
    const left = sentAt + streamMaxIntervalMs - finalAheadMs - clock.now()
    return await this.staysSilent(next, Math.max(0, left))
  }
}
