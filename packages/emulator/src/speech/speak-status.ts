/** `SpeakStatus` of a speak-status message and of statsession (1240/100401, 1240/100389). */
export type SpeakStatus =
  | 'Initial'
  | 'WaitingTextStart'
  | 'TextStart'
  | 'WaitingTextOver'
  | 'TextOver'
  | 'WaitingAudioStart'
  | 'AudioStart'
  | 'WaitingAudioOver'
  | 'AudioOver'
  | 'SentenceStart'
  | 'SentenceOver'
  | 'SentenceNext'
  /** The command failed. The next one may be sent. */
  | 'Error'

/** Reason of a command's end: its final packet, a pause without packets, or an interrupt (undocumented). */
export const finalType = { client: 1, timeout: 2, interrupt: 3 } as const
export type FinalType = (typeof finalType)[keyof typeof finalType]

/** A message about one command, without the envelope and the session. */
export type SpeechMessage =
  | {
      /** The input of a SEND_TEXT, which Tencent's demo page waits for. */
      readonly Type: 1
      readonly ReqId: string
      readonly Seq: 0
      readonly Text: string
    }
  | {
      readonly Type: 3
      readonly ReqId: string
      readonly Seq: number
      readonly SpeakStatus: SpeakStatus
      readonly FinalType?: FinalType
    }
  | {
      /** The text that is being spoken, in the stream modes. */
      readonly Type: 2
      readonly ReqId: string
      readonly Seq: number
      readonly Text: string
      readonly TextPro: string
      readonly TextDisplay: string
      readonly ContentType: string
      readonly Uninterrupt: false
      readonly Muted: false
    }
  | {
      /** The command failed. */
      readonly Type: 9
      readonly ReqId: string
      readonly Seq: number
      readonly ErrorCode: number
      readonly ErrorMsg: string
    }
