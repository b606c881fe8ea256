/** `AVCPacketType` and `AACPacketType`: decoder configuration or coded media. */
const configuration = 0
const coded = 1

/** AAC, 44 kHz, 16 bit, stereo: fixed in FLV for every AAC; the AudioSpecificConfig has the real values. */
const aac = 0xaf
/** Key frame, AVC. */
const avcKey = 0x17

/** Returns a video payload with an AVCDecoderConfigurationRecord. */
export function avcSequenceHeader(avcC: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(avcKey, configuration, 0, 0, 0), avcC])
}

/** Returns a video payload with one IDR picture: NAL units after 4-byte lengths. */
export function avcKeyFrame(...units: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(avcKey, coded, 0, 0, 0), ...units])
}

/** Returns an audio payload with an AudioSpecificConfig. */
export function aacSequenceHeader(audioSpecificConfig: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(aac, configuration), audioSpecificConfig])
}

/** Returns an audio payload with one raw AAC frame. */
export function aacFrame(frame: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(aac, coded), frame])
}

/** Facts about a payload that decide where a viewer may start. */
export interface PayloadTraits {
  /** True for decoder configuration, which every viewer gets first. */
  readonly sequenceHeader: boolean
  /** True for a picture that can be decoded alone. */
  readonly keyFrame: boolean
}

const enhanced = 0x80
const aacFormat = 10
const enhancedAudioFormat = 9
const avcCodec = 7
const hevcCodec = 12

/** Reads the facts about a video payload, of plain FLV or Enhanced RTMP. */
export function videoTraits(payload: Uint8Array): PayloadTraits {
  const [first = 0, second = coded] = payload
  if (first & enhanced) {
    const sequenceHeader = (first & 0x0f) === configuration
    return { sequenceHeader, keyFrame: !sequenceHeader && ((first >> 4) & 7) === 1 }
  }
  const codec = first & 0x0f
  const key = first >> 4 === 1
  if (codec !== avcCodec && codec !== hevcCodec) return { sequenceHeader: false, keyFrame: key }
  return { sequenceHeader: second === configuration, keyFrame: key && second === coded }
}

/** Returns true for an audio payload with decoder configuration. */
export function isAudioSequenceHeader(payload: Uint8Array): boolean {
  const [first = 0, second = coded] = payload
  const format = first >> 4
  if (format === enhancedAudioFormat) return (first & 0x0f) === configuration
  return format === aacFormat && second === configuration
}

const soundCodecs: Readonly<Record<number, string>> = {
  ...{
    0: 'PCM',
    1: 'ADPCM',
    2: 'MP3',
    3: 'PCM',
    4: 'Nellymoser',
    5: 'Nellymoser',
    6: 'Nellymoser',
  },
  ...{ 7: 'G.711 A-law', 8: 'G.711 µ-law', 10: 'AAC', 11: 'Speex', 14: 'MP3' },
}
const pictureCodecs: Readonly<Record<number, string>> = {
  ...{ 2: 'Sorenson H.263', 3: 'Screen Video', 4: 'VP6', 5: 'VP6', 6: 'Screen Video' },
  ...{ 7: 'H.264', 12: 'HEVC' },
}

/** Returns the name of the codec in an audio or video payload: `AAC`, `H.264`, a FourCC, or its number. */
export function codecName(kind: 'audio' | 'video', payload: Uint8Array): string {
  const [first = 0] = payload
  const isEnhanced =
    kind === 'video' ? (first & enhanced) !== 0 : first >> 4 === enhancedAudioFormat
  if (isEnhanced) return Buffer.from(payload.subarray(1, 5)).toString('latin1')
  const id = kind === 'video' ? first & 0x0f : first >> 4
  return (kind === 'video' ? pictureCodecs : soundCodecs)[id] ?? `codec ${id}`
}
