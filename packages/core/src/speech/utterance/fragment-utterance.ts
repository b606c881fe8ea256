import type { Command } from '../command/command'
import { FragmentBuffer } from '../text/fragment-buffer'
import { longestPacketBytes, StreamUtterance } from './stream-utterance'

/** Time before the service's own end of the stream at which the final packet is sent, in milliseconds. */
const finalAheadMs = 400

/**
 * An utterance from fragments, which are sent as they arrive. After each long pause a new command sends the
 * rest.
 */
export class FragmentUtterance extends StreamUtterance {
  protected readonly confirmedBy = 'first'
  readonly #buffer = new FragmentBuffer(longestPacketBytes)
  /** The read that was pending when the source paused. */
  #pending: Promise<IteratorResult<string, undefined>> | undefined

  protected override async sendAll(command: Command, stop: AbortSignal): Promise<boolean> {
    let sentAt = this.context.clock.now()
    for (;;) {
      this.#pending ??= this.source.next()
      if (command.wasSent && (await this.#pauses(this.#pending, sentAt))) return true
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
   * True when the source pauses until shortly before the service ends the stream. The client then ends the
   * command first, because the service does not report which late packets it accepts.
   */
  async #pauses(next: Promise<unknown>, sentAt: number): Promise<boolean> {
    const { clock, streamMaxIntervalMs } = this.context
    const left = sentAt + streamMaxIntervalMs - finalAheadMs - clock.now()
    return await this.staysSilent(next, Math.max(0, left))
  }
}
