import type { DownlinkMessage } from '../protocol/downlink'
import type { Ssml } from '../speech/text/ssml'

/**
 * What `say` speaks: a text, SSML, or a stream of both, such as the output of a language model. Empty pieces
 * (`null`, `undefined`) are skipped.
 */
export type Speakable = string | Ssml | AsyncIterable<string | Ssml | null | undefined>

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

interface CommonSpeechOptions {
  /** Stops the current utterance and clears the queue before speaking. Default false: waits for its turn. */
  readonly interrupt?: boolean | undefined
  /** Interrupts the utterance when the signal fires. */
  readonly signal?: AbortSignal | undefined
  /** Called at each step of the utterance. Errors of the callback are logged. */
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  /** JSON text that the video carries as SEI during the utterance; 2D avatars only. */
  readonly seiInfo?: string | undefined
  /**
   * Treatment of packets whose arrival is unknown after a lost connection. `report` never sends them again:
   * `finished` rejects with an IvhSessionError (`delivery-unknown`) that names them. `resend` sends them
   * again under the same ReqId and Seq and relies on the service to drop duplicates, which is not documented.
   * Default `report`.
   */
  readonly onUncertain?: 'report' | 'resend' | undefined
}

export interface SayOptions extends CommonSpeechOptions {
  /**
   * For a project with a chat bot: the text is a question and the bot's answer is spoken. Default false:
   * the text itself is spoken. Complete texts only.
   */
  readonly chat?:
    | boolean
    | {
        /** Identifies the conversation on Tencent's agent platform. */
        readonly roundId?: string | undefined
        readonly visitorId?: string | undefined
      }
    | undefined
  /** Lets the service add gestures. Default false. */
  readonly smartActions?: boolean | undefined
  /**
   * How a stream is sent. `sentence`: complete sentences, each when the service asks for it; SSML is
   * allowed. `fragment`: pieces as they arrive; the service finds the sentences. Default `sentence`.
   *
   * A sentence is complete when more text follows or when 500 ms pass without text. When a source of
   * fragments pauses for longer than the session's `streamMaxIntervalMs`, the service speaks the text so far;
   * later text follows under another ReqId.
   */
  readonly mode?: 'sentence' | 'fragment' | undefined
}

export interface SendAudioOptions extends CommonSpeechOptions {
  /**
   * True when the source is a microphone: packets are sent as they are captured. Default false: the kit paces
   * the packets.
   */
  readonly live?: boolean | undefined
}
