import type { SpeechProgress } from './speech-handle'

interface CommonSpeechOptions {
  /** Stops what is spoken and clears the queue, then speaks this. Default: waits its turn. */
  readonly interrupt?: boolean | undefined
  /** Interrupts the utterance when it fires. */
  readonly signal?: AbortSignal | undefined
  /** Called at each step. What it throws is logged. */
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  /** JSON text that the video carries as SEI while this is spoken; 2D avatars only. */
  readonly seiInfo?: string | undefined
  /**
   * What to do after a lost connection with packets that the service may or may not have. `report` never
   * sends them again: `finished` rejects with an IvhSessionError (`delivery-unknown`) that names them.
   * `resend` sends them again under the same ReqId and Seq and relies on the service to drop duplicates,
   * which is not documented. Default `report`.
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
   * fragments pauses for longer than the session's `streamMaxIntervalMs`, the service speaks what it has;
   * later text follows under another ReqId.
   */
  readonly mode?: 'sentence' | 'fragment' | undefined
}

export interface SendAudioOptions extends CommonSpeechOptions {
  /** The source is a microphone: packets are sent as they are captured. Default false: the kit paces them. */
  readonly live?: boolean | undefined
}
