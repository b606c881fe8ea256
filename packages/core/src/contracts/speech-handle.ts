import type { DownlinkMessage } from '../protocol/downlink'

/** Outcome of an utterance that did not fail. */
export interface SpeechOutcome {
  /** True when an interrupt stopped the utterance or removed it from the queue. */
  readonly interrupted: boolean
}

/** A step of an utterance. */
export interface SpeechProgress {
  /** `status` for a speak state, `content` for the spoken text, `answer` and `reasoning` of a chat bot. */
  readonly kind: DownlinkMessage['kind']
  /** `TextStart`, `SentenceStart`, …; only for `status`. */
  readonly speakStatus: string | undefined
  /** Number of the sentence in a stream, from 1; otherwise 0. */
  readonly seq: number
  readonly message: DownlinkMessage
}

/**
 * The result of `say` and `sendAudio`. You may ignore its promises: they never cause an unhandled
 * rejection.
 *
 * A `for await` loop over the handle receives each later step, ends with the utterance, and throws the error
 * that `finished` rejects with. Leaving the loop does not stop the speech. The loop keeps at most 256 unread
 * steps and drops older ones.
 */
export interface SpeechHandle extends AsyncIterable<SpeechProgress> {
  /** Resolves with true at the first sound; with false when the utterance was interrupted before. */
  readonly started: Promise<boolean>
  /** Resolves when the utterance was spoken or interrupted. Rejects when it failed. */
  readonly finished: Promise<SpeechOutcome>
  /** Resolves with true at an interrupt; with false when the utterance was spoken to its end. */
  readonly interrupted: Promise<boolean>
  /** Stops the utterance or removes it from the queue. Resolves like `finished`. */
  interrupt(): Promise<SpeechOutcome>
}
