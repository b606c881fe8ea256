/** `AVCPacketType`/`AACPacketType` of a tag that carries decoder configuration. */
const SEQUENCE_HEADER = 0
const CODED = 1

/** AAC, 44 kHz, 16 bit, stereo: what FLV wants here for every AAC; the ASC has the truth. */
const AAC = 0xaf
/** Key frame, AVC. */
const AVC_KEY = 0x17

/** Video payload with the AVCDecoderConfigurationRecord. */
export function avcSequenceHeader(avcC: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AVC_KEY, SEQUENCE_HEADER, 0, 0, 0), avcC])
}

/** Video payload with one IDR picture in AVCC form, shown when it is decoded. */
export function avcKeyFrame(picture: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AVC_KEY, CODED, 0, 0, 0), picture])
}

/** The same payload with more NAL units in front of its own. */
export function withPrefix(keyFrame: Uint8Array, units: Uint8Array): Buffer {
  return Buffer.concat([keyFrame.subarray(0, 5), units, keyFrame.subarray(5)])
}

/** Audio payload with the AudioSpecificConfig. */
export function aacSequenceHeader(audioSpecificConfig: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AAC, SEQUENCE_HEADER), audioSpecificConfig])
}

/** Audio payload with one raw AAC frame. */
export function aacFrame(frame: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AAC, CODED), frame])
}

/** What a stream has to know of a payload to let a viewer in at the right moment. */
export interface PayloadTraits {
  /** Decoder configuration: kept, and given to every viewer first. */
  readonly sequenceHeader: boolean
  /** A picture that needs no other. */
  readonly keyFrame: boolean
}

const ENHANCED = 0x80
const AAC_FORMAT = 10
const ENHANCED_AUDIO_FORMAT = 9
const AVC_CODEC = 7
const HEVC_CODEC = 12

/** Reads the traits of a video payload, plain FLV or Enhanced RTMP. */
export function videoTraits(payload: Uint8Array): PayloadTraits {
  const [first = 0, second = CODED] = payload
  if (first & ENHANCED) {
    const sequenceHeader = (first & 0x0f) === SEQUENCE_HEADER
    return { sequenceHeader, keyFrame: !sequenceHeader && ((first >> 4) & 7) === 1 }
  }
  const codec = first & 0x0f
  const key = first >> 4 === 1
  if (codec !== AVC_CODEC && codec !== HEVC_CODEC) return { sequenceHeader: false, keyFrame: key }
  return { sequenceHeader: second === SEQUENCE_HEADER, keyFrame: key && second === CODED }
}

/** Tells whether an audio payload is decoder configuration. */
export function isAudioSequenceHeader(payload: Uint8Array): boolean {
  const [first = 0, second = CODED] = payload
  const format = first >> 4
  if (format === ENHANCED_AUDIO_FORMAT) return (first & 0x0f) === SEQUENCE_HEADER
  return format === AAC_FORMAT && second === SEQUENCE_HEADER
}
