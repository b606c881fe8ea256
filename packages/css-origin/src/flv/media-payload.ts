/** `AVCPacketType` and `AACPacketType`: decoder configuration or coded media. */
const SEQUENCE_HEADER = 0
const CODED = 1

/** AAC, 44 kHz, 16 bit, stereo: fixed in FLV for every AAC; the AudioSpecificConfig has the real values. */
const AAC = 0xaf
/** Key frame, AVC. */
const AVC_KEY = 0x17

/** Returns a video payload with an AVCDecoderConfigurationRecord. */
export function avcSequenceHeader(avcC: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AVC_KEY, SEQUENCE_HEADER, 0, 0, 0), avcC])
}

/** Returns a video payload with one IDR picture: NAL units after 4-byte lengths. */
export function avcKeyFrame(...units: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(AVC_KEY, CODED, 0, 0, 0), ...units])
}

/** Returns an audio payload with an AudioSpecificConfig. */
export function aacSequenceHeader(audioSpecificConfig: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AAC, SEQUENCE_HEADER), audioSpecificConfig])
}

/** Returns an audio payload with one raw AAC frame. */
export function aacFrame(frame: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(AAC, CODED), frame])
}

/** Facts about a payload that decide where a viewer may start. */
export interface PayloadTraits {
  /** True for decoder configuration, which every viewer gets first. */
  readonly sequenceHeader: boolean
  /** True for a picture that can be decoded alone. */
  readonly keyFrame: boolean
}

const ENHANCED = 0x80
const AAC_FORMAT = 10
const ENHANCED_AUDIO_FORMAT = 9
const AVC_CODEC = 7
const HEVC_CODEC = 12

/** Reads the facts about a video payload, of plain FLV or Enhanced RTMP. */
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

/** Returns true for an audio payload with decoder configuration. */
export function isAudioSequenceHeader(payload: Uint8Array): boolean {
  const [first = 0, second = CODED] = payload
  const format = first >> 4
  if (format === ENHANCED_AUDIO_FORMAT) return (first & 0x0f) === SEQUENCE_HEADER
  return format === AAC_FORMAT && second === SEQUENCE_HEADER
}
