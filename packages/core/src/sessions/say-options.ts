import type { SpeechProgress } from '../speech/utterance/speech-handle'
import type { StreamExtras } from '../speech/utterance/stream-utterance'
import type { TextExtras } from '../speech/utterance/text-utterance'

interface CommonSpeechOptions {
  /** Stop what is spoken and drop what is queued, then speak this. Default: wait for its turn. */
  readonly interrupt?: boolean | undefined
  /** Interrupts it, whenever it fires. */
  readonly signal?: AbortSignal | undefined
  /** Called with each step. What it throws is logged. */
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  /** JSON text that comes back in the SEI of the video while this is spoken; 2D avatars only. */
  readonly seiInfo?: string | undefined
  /**
   * When the connection was lost and the service does not tell whether it has a part: `report` never sends
   * it again, and `finished` rejects with an IvhSessionError (`delivery-unknown`) that names the part;
   * `resend` sends it again under the same ReqId and Seq, and trusts the service to drop what it has
   * (no document says that it does). Default `report`.
   */
  readonly onUncertain?: 'report' | 'resend' | undefined
}

export interface SayOptions extends CommonSpeechOptions {
  /**
   * With a project that has a chat bot: the text is a question, and the bot's answer is spoken. Default
   * false: the text itself is spoken. Whole texts only.
   */
  readonly chat?:
    | boolean
    | {
        /** Tells conversations apart on Tencent's agent platform. */
        readonly roundId?: string | undefined
        readonly visitorId?: string | undefined
      }
    | undefined
  /** Let the service add gestures. Default false. */
  readonly smartActions?: boolean | undefined
  /**
   * How a stream is sent: `sentence` (whole sentences, each when the service asks for it; SSML allowed)
   * or `fragment` (as it comes; the service finds the sentences). Default `sentence`. A sentence is whole
   * when something follows it, or nothing does for 500 ms. When a source of fragments pauses for longer
   * than `streamMaxIntervalMs` of the session, the service speaks what it has; what comes after that follows
   * under another ReqId when it has been spoken.
   */
  readonly mode?: 'sentence' | 'fragment' | undefined
}

export interface SendAudioOptions extends CommonSpeechOptions {
  /** The source is a microphone: packets go as they are captured. Default false: paced by the SDK. */
  readonly live?: boolean | undefined
}

export function textExtras(options: SayOptions): TextExtras {
  const { chat, interrupt, seiInfo, smartActions } = options
  const round = typeof chat === 'object' ? chat : {}
  return {
    // Without it a project with a chat bot takes the text for a question (1240/100397).
    ...(!chat && { ChatCommand: 'NotUseChat' }),
    ...(round.roundId !== undefined && { ChatRoundId: round.roundId }),
    ...(round.visitorId !== undefined && { CloudAiVisitorBizId: round.visitorId }),
    ...(interrupt && { Interrupt: true }),
    ...streamExtras({ seiInfo, smartActions }),
  }
}

export function streamExtras({ seiInfo, smartActions }: SayOptions): StreamExtras {
  return {
    ...(smartActions !== undefined && { SmartActionEnabled: smartActions }),
    ...(seiInfo !== undefined && { VideoSeiInfo: seiInfo }),
  }
}
