import type { Command } from '../command/command'
import { splitText } from '../text/split-text'
import { isSsml, plainFragment, type Ssml } from '../text/ssml'
import { longestPacketBytes, StreamUtterance } from './stream-utterance'

/** Time before the service's own end of the stream at which the final packet is sent, in milliseconds. */
const finalAheadMs = 400

/**
 * An utterance from fragments, which are sent as they arrive. After each long pause a new command sends the
 * rest.
 */
export class FragmentUtterance extends StreamUtterance {
  protected readonly confirmedBy = 'first'
  /** First half of a surrogate pair that two fragments split. */
  #half = ''
  /** The read that was pending when the source paused. */
  #pending: Promise<IteratorResult<string | Ssml, undefined>> | undefined

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    let sentAt = this.context.clock.now()
    for (;;) {
      this.#pending ??= this.source.next()
      if (command.wasSent && (await this.#pauses(this.#pending, sentAt))) return true
      const { done, value } = await this.#pending
      this.#pending = undefined
      if (done) break
      for (const text of this.#cut(this.#plain(value))) {
        if (!(await this.sendText(command, text, stop))) return false
        sentAt = this.context.clock.now()
      }
    }
    for (const text of stop.aborted ? [] : splitText(this.#half, longestPacketBytes)) {
      if (!(await this.sendText(command, text, stop))) return false
    }
    return false
  }

  #plain(value: string | Ssml): string {
    if (!isSsml(value)) return plainFragment(value)
    throw new RangeError(
      'the source produced SSML, which fragments do not take: use mode "sentence"',
    )
  }

  /** Cuts the text that has arrived to the length of a packet, and keeps half a surrogate pair. */
  #cut(fragment: string): string[] {
    const text = this.#half + fragment
    this.#half = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? ''
    return splitText(text.slice(0, text.length - this.#half.length), longestPacketBytes)
  }

  /**
   * True when the source pauses until shortly before the service ends the stream. The client then ends the
   * command first, because the service does not report which late packets it accepts.
   */
  async #pauses(next: Promise<unknown>, sentAt: number): Promise<boolean> {
    const { clock, streamMaxIntervalMs } = this.context
    const left = sentAt + streamMaxIntervalMs - finalAheadMs - clock.now()
    return await this.staysSilent(next, Math.max(0, left))
  }
}
