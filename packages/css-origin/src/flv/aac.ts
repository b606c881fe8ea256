/** The fields of an AudioSpecificConfig that an ADTS header repeats (ISO 14496-3, 1.6.2.1). */
export interface AacConfig {
  readonly objectType: number
  readonly frequencyIndex: number
  readonly channels: number
}

/** The content of an AAC audio tag. */
export type AacTag =
  | { readonly kind: 'config'; readonly config: AacConfig | undefined }
  | { readonly kind: 'frame'; readonly frame: Uint8Array }

const aacFormat = 10

/** Reads the payload of an audio tag. Returns undefined for other codecs and empty tags. */
export function readAacTag(payload: Uint8Array): AacTag | undefined {
  const [first = 0, kind] = payload
  if (first >> 4 !== aacFormat || payload.length <= 2) return undefined
  const content = payload.subarray(2)
  if (kind === 0) return { kind: 'config', config: readConfig(content) }
  return { kind: 'frame', frame: content }
}

function readConfig([first = 0, second = 0]: Uint8Array): AacConfig | undefined {
  const objectType = first >> 3
  const frequencyIndex = ((first & 7) << 1) | (second >> 7)
  // An ADTS header cannot carry explicit frequencies or object types above 4.
  if (objectType < 1 || objectType > 4 || frequencyIndex > 12) return undefined
  return { objectType, frequencyIndex, channels: (second >> 3) & 0x0f }
}

const headerBytes = 7

/** Puts an ADTS header in front of a frame (ISO 14496-3, 1.A.2). */
export function adtsFrame(frame: Uint8Array, config: AacConfig): Buffer {
  const length = headerBytes + frame.length
  const bytes = Buffer.allocUnsafe(length)
  bytes[0] = 0xff
  bytes[1] = 0xf1 // MPEG-4, no checksum
  bytes[2] = ((config.objectType - 1) << 6) | (config.frequencyIndex << 2) | (config.channels >> 2)
  bytes[3] = ((config.channels & 3) << 6) | (length >> 11)
  bytes[4] = length >> 3
  bytes[5] = (length << 5) | 0x1f // Buffer fullness: variable bit rate.
  bytes[6] = 0xfc
  bytes.set(frame, headerBytes)
  return bytes
}

/** Maximum length of a frame, in bytes: the length field of an ADTS header has 13 bits. */
export const maxAdtsPayload = 0x1fff - headerBytes
