import type { VoiceName } from '../voice/tts'

/** Requests from the main thread to the speech thread. Every sound has an id of its own. */
export type SpeechRequest =
  /** Loads the voice and the encoder ahead of the first sentence. Has no response. */
  | { readonly type: 'prepare'; readonly id: number; readonly voice: VoiceName | undefined }
  /** Speaks and encodes a text, in one response; urgent requests come first. */
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
  /** Encodes the sound of a caller's own voice, in one response. */
  | {
      readonly type: 'encode'
      readonly id: number
      readonly sampleRate: number
      readonly samples: Int16Array<ArrayBuffer>
      readonly volume: number
      readonly urgent: boolean
    }
  /** Encodes the next piece of a growing sound; each piece has a response. */
  | {
      readonly type: 'write'
      readonly id: number
      readonly samples: Int16Array<ArrayBuffer>
      readonly volume: number
    }
  | { readonly type: 'end'; readonly id: number }
  /** Drops the remaining work for a sound. */
  | { readonly type: 'cancel'; readonly id: number }

/** Responses of the speech thread. Packets lie end to end in one array, which moves without a copy. */
export type SpeechResponse =
  | {
      readonly type: 'sound'
      readonly id: number
      readonly packets: Uint8Array<ArrayBuffer>
      readonly packetLengths: readonly number[]
      readonly samples: Int16Array<ArrayBuffer>
      readonly mouths: Uint8Array<ArrayBuffer>
      /** True for the last piece of a sound. */
      readonly complete: boolean
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
