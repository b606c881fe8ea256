import type { SpeechProgress } from '../speech/utterance/speech-handle'
import type { StreamExtras } from '../speech/utterance/stream-utterance'
import type { TextExtras } from '../speech/utterance/text-utterance'

interface CommonSpeechOptions {
  /** Stops the running utterance, empties the queue, then speaks this one. Default: waits for its turn. */
  readonly interrupt?: boolean | undefined
  /** Interrupts the utterance when it fires. */
  readonly signal?: AbortSignal | undefined
  /** Called with each step. Its errors are logged. */
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  /** JSON text for the SEI of the video during this utterance; 2D avatars only. */
  readonly seiInfo?: string | undefined
  /**
   * What to do when the connection was lost and the service does not report whether it received a part.
   * `report` does not send the part again; `finished` rejects with an IvhSessionError (`delivery-unknown`)
   * that names the part. `resend` sends the part again with the same ReqId and Seq, and relies on the service
   * to drop repetitions, which no document promises. Default `report`.
   */
  readonly onUncertain?: 'report' | 'resend' | undefined
}

export interface SayOptions extends CommonSpeechOptions {
  /**
   * For a project with a chat bot: the text is a question, and the bot's answer is spoken. Default false: the
   * text itself is spoken. Whole texts only.
   */
  readonly chat?:
    | boolean
    | {
        /** Separates conversations on Tencent's agent platform. */
        readonly roundId?: string | undefined
        readonly visitorId?: string | undefined
      }
    | undefined
  /** Lets the service add gestures. Default false. */
  readonly smartActions?: boolean | undefined
  /**
   * How a stream is sent. `sentence` sends whole sentences, each when the service asks for it; SSML is
   * allowed. A sentence is whole when text follows it, or after a pause of 500 ms. `fragment` sends fragments
   * as they arrive, and the service finds the sentences. When the source pauses for longer than
   * `streamMaxIntervalMs` of the session, the service speaks what it has; the rest follows with another ReqId
   * after that. Default `sentence`.
   */
  readonly mode?: 'sentence' | 'fragment' | undefined
}

export interface SendAudioOptions extends CommonSpeechOptions {
  /** The source is a microphone: packets are sent as they are captured. Default false: the client paces them. */
  readonly live?: boolean | undefined
}

export function textExtras(options: SayOptions): TextExtras {
  const { chat, interrupt, seiInfo, smartActions } = options
  const { roundId, visitorId } = typeof chat === 'object' ? chat : {}
  return {
    // Without it a project with a chat bot treats the text as a question (1240/100397).
    ...(!chat && { ChatCommand: 'NotUseChat' }),
    ...(roundId !== undefined && { ChatRoundId: roundId }),
    ...(visitorId !== undefined && { CloudAiVisitorBizId: visitorId }),
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
