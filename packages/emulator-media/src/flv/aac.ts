/** What an ADTS header repeats of an AudioSpecificConfig (ISO 14496-3, 1.6.2.1). */
export interface AacConfig {
  readonly objectType: number
  readonly frequencyIndex: number
  readonly channels: number
}

/** An audio tag's content, as far as it is AAC. */
export type AacTag =
  | { readonly kind: 'config'; readonly config: AacConfig | undefined }
  | { readonly kind: 'frame'; readonly frame: Uint8Array }

const AAC_FORMAT = 10

/** Reads an audio tag's payload; undefined when it is another codec or has no content. */
export function readAacTag(payload: Uint8Array): AacTag | undefined {
  const [first = 0, kind] = payload
  if (first >> 4 !== AAC_FORMAT || payload.length <= 2) return undefined
  const content = payload.subarray(2)
  if (kind === 0) return { kind: 'config', config: readConfig(content) }
  return { kind: 'frame', frame: content }
}

function readConfig([first = 0, second = 0]: Uint8Array): AacConfig | undefined {
  const objectType = first >> 3
  const frequencyIndex = ((first & 7) << 1) | (second >> 7)
  // Explicit frequencies and the object types beyond 4 have no place in an ADTS header.
  if (objectType < 1 || objectType > 4 || frequencyIndex > 12) return undefined
  return { objectType, frequencyIndex, channels: (second >> 3) & 0x0f }
}

const HEADER_BYTES = 7

/** A frame behind the ADTS header (ISO 14496-3, 1.A.2) that makes it stand alone. */
export function adtsFrame(frame: Uint8Array, config: AacConfig): Buffer {
  const length = HEADER_BYTES + frame.length
  const bytes = Buffer.allocUnsafe(length)
  bytes[0] = 0xff
  bytes[1] = 0xf1 // MPEG-4, no checksum
  bytes[2] = ((config.objectType - 1) << 6) | (config.frequencyIndex << 2) | (config.channels >> 2)
  bytes[3] = ((config.channels & 3) << 6) | (length >> 11)
  bytes[4] = length >> 3
  bytes[5] = (length << 5) | 0x1f // Buffer fullness: variable bit rate.
  bytes[6] = 0xfc
  bytes.set(frame, HEADER_BYTES)
  return bytes
}

/** The longest frame whose length an ADTS header can tell. */
export const MAX_ADTS_PAYLOAD = 0x1fff - HEADER_BYTES
