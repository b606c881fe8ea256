/** FLV tag types; RTMP uses the same numbers for its messages. */
export const FlvTagType = { audio: 8, video: 9, script: 18 } as const

/** The bytes of an FLV tag's type. */
export type FlvTagTypeId = (typeof FlvTagType)[keyof typeof FlvTagType]

/** One piece of media or metadata, as FLV files and RTMP messages carry it. */
export interface FlvTag {
  readonly type: FlvTagTypeId
  /** Milliseconds; FLV and RTMP carry the lowest 32 bits. */
  readonly timestamp: number
  readonly payload: Uint8Array
}

const TAG_HEADER_BYTES = 11

/** The nine bytes that open an FLV stream, and the size 0 of the tag before the first. */
export function encodeFlvHeader(contains: { audio: boolean; video: boolean }): Buffer {
  const flags = (contains.audio ? 4 : 0) | (contains.video ? 1 : 0)
  return Buffer.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0)
}

/** A whole tag: header, payload, and the size that lets a reader go backwards. */
export function encodeFlvTag({ payload, timestamp, type }: FlvTag): Buffer {
  const size = TAG_HEADER_BYTES + payload.length
  const bytes = Buffer.allocUnsafe(size + 4)
  bytes.writeUInt8(type, 0)
  bytes.writeUIntBE(payload.length, 1, 3)
  // The timestamp's highest byte comes last, added to the format after the other three.
  bytes.writeUIntBE(timestamp & 0xffffff, 4, 3)
  bytes.writeUInt8(timestamp >>> 24, 7)
  bytes.writeUIntBE(0, 8, 3)
  bytes.set(payload, TAG_HEADER_BYTES)
  bytes.writeUInt32BE(size, size)
  return bytes
}
