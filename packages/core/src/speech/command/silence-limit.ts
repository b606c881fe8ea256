import { IvhTimeoutError } from '../../errors'
import type { SpeechContext } from './speech-context'

/** Timeout for the first event of a command, in milliseconds. */
const firstEventMs = 30_000
/** Timeout for each later event, in milliseconds. Speaking 4,000 bytes at half speed takes less. */
const longestSilenceMs = 15 * 60_000

export interface SilenceLimitParts {
  readonly reqId: string
  /** True when an event of the command has arrived. */
  readonly isKnown: () => boolean
  readonly expired: (error: IvhTimeoutError) => void
}

/** Ends a command whose events do not arrive. */
export class SilenceLimit {
  readonly #context: SpeechContext
  readonly #parts: SilenceLimitParts
  #activeAt = 0
  #cancel: (() => void) | undefined

  constructor(context: SpeechContext, parts: SilenceLimitParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Call it with each frame that is sent and each message that arrives. */
  active(): void {
    this.#activeAt = this.#context.clock.now()
  }

  start(): void {
    const { channel, clock } = this.#context
    const limit = this.#parts.isKnown() ? longestSilenceMs : firstEventMs
    const left = this.#activeAt + limit - clock.now()
    // Wait on without a connection: no event can arrive.
    if (left > 0 || channel.state !== 'open') {
      const next = left > 0 ? Math.min(left, firstEventMs) : firstEventMs
      this.#cancel = clock.after(next, () => this.start())
      return
    }
    channel.doubt(this.#activeAt)
    this.#parts.expired(this.#timeout(limit))
  }

  stop(): void {
    this.#cancel?.()
  }

  #timeout(limit: number): IvhTimeoutError {
    return new IvhTimeoutError(`No event of the utterance arrived for ${limit} ms`, limit, {
      sessionId: this.#context.sessionId,
      reqId: this.#parts.reqId,
      hint: 'Check session.stat(): the service may still speak the utterance.',
    })
  }
}
