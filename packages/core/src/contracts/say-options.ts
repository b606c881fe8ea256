import type { SpeechProgress } from './speech-handle'

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
