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
  /** This one drive failed; the next may be sent. */
  | 'Error'

/** Who ended an utterance: the client, the server for want of packets, or an interrupt (undocumented). */
export const finalType = { client: 1, timeout: 2, interrupt: 3 } as const
export type FinalType = (typeof finalType)[keyof typeof finalType]

/** A message about one drive request, without the envelope and the session. */
export type DriveMessage =
  | {
      readonly Type: 3
      readonly ReqId: string
      readonly Seq: number
      readonly SpeakStatus: SpeakStatus
      readonly FinalType?: FinalType
    }
  | {
      /** What is spoken now, in the stream modes. */
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
      /** The drive failed. */
      readonly Type: 9
      readonly ReqId: string
      readonly Seq: number
      readonly ErrorCode: number
      readonly ErrorMsg: string
    }
