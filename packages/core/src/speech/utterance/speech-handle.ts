import type { DownlinkMessage } from '../../protocol/downlink'

/** How an utterance ended when it did not fail. */
export interface SpeechOutcome {
  /** True when an interrupt stopped it, or removed it from the queue. */
  readonly interrupted: boolean
}

/** A step of an utterance. */
export interface SpeechProgress {
  /** `status` for a speak state, `content` for the spoken text, `answer` and `reasoning` of a chat bot. */
  readonly kind: DownlinkMessage['kind']
  /** `TextStart`, `SentenceStart`, …, of a `status`. */
  readonly speakStatus: string | undefined
  /** The sentence of a stream, from 1; else 0. */
  readonly seq: number
  readonly message: DownlinkMessage
}

/**
 * The result of `say` and `sendAudio`. You may ignore its promises: they never cause an unhandled
 * rejection.
 *
 * A `for await` loop over it receives each later step, ends with the utterance, and throws the error that
 * `finished` rejects with. Leaving the loop does not stop the speech. A reader that is more than 256 steps
 * late loses the oldest ones.
 */
export interface SpeechHandle extends AsyncIterable<SpeechProgress> {
  /** True at the first sound; false when it was interrupted before. */
  readonly started: Promise<boolean>
  /** Settles when it was spoken or interrupted. Rejects when it failed. */
  readonly finished: Promise<SpeechOutcome>
  /** True at the interrupt; false when it was spoken to its end. */
  readonly interrupted: Promise<boolean>
  /** Stops it, or removes it from the queue. Resolves like `finished`. */
  interrupt(): Promise<SpeechOutcome>
}
