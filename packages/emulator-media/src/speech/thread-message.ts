import type { VoiceName } from './tts'

/** What the main thread asks of the speech thread. Every sound has a number of its own. */
export type SpeechRequest =
  /** Load what the first sentence would have to wait for. Not answered. */
  | { readonly type: 'prepare'; readonly id: number; readonly voice: VoiceName | undefined }
  /** Speak a text and encode it, in one answer; an urgent one before those that are not. */
  | {
      readonly type: 'say'
      readonly id: number
      readonly text: string
      readonly voice: VoiceName
      readonly speed: number
      readonly volume: number
      readonly timbre: string | undefined
      readonly language: string | undefined
      readonly urgent: boolean
    }
  /** Encode the sound of another voice, in one answer. */
  | {
      readonly type: 'encode'
      readonly id: number
      readonly sampleRate: number
      readonly samples: Int16Array<ArrayBuffer>
      readonly volume: number
      readonly urgent: boolean
    }
  /** A sound that comes in pieces, and is answered in pieces. */
  | {
      readonly type: 'write'
      readonly id: number
      readonly samples: Int16Array<ArrayBuffer>
      readonly volume: number
    }
  | { readonly type: 'end'; readonly id: number }
  /** Whatever is still to be done for it need not be done. */
  | { readonly type: 'cancel'; readonly id: number }

/** What comes back. Packets lie end to end in one array that changes threads without being copied. */
export type SpeechAnswer =
  | {
      readonly type: 'sound'
      readonly id: number
      readonly packets: Uint8Array<ArrayBuffer>
      readonly packetLengths: readonly number[]
      readonly samples: Int16Array<ArrayBuffer>
      readonly mouths: Uint8Array<ArrayBuffer>
      /** Nothing more will come. */
      readonly complete: boolean
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
