/** FLV tag types. RTMP messages use the same numbers. */
export const FlvTagType = { audio: 8, video: 9, script: 18 } as const

/** The number of an FLV tag type. */
export type FlvTagTypeId = (typeof FlvTagType)[keyof typeof FlvTagType]

/** One piece of media or metadata of an FLV file or an RTMP message. */
export interface FlvTag {
  readonly type: FlvTagTypeId
  /** Time in milliseconds. FLV and RTMP carry the lowest 32 bits. */
  readonly timestamp: number
  readonly payload: Uint8Array
}

const tagHeaderBytes = 11

/** Returns the header of an FLV stream, and the size 0 of the tag before the first. */
export function encodeFlvHeader(contains: { audio: boolean; video: boolean }): Buffer {
  const flags = (contains.audio ? 4 : 0) | (contains.video ? 1 : 0)
  return Buffer.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0)
}

/** Encodes a tag: header, payload, and the size for reading backwards. */
export function encodeFlvTag({ payload, timestamp, type }: FlvTag): Buffer {
  const size = tagHeaderBytes + payload.length
  const bytes = Buffer.allocUnsafe(size + 4)
  bytes.writeUInt8(type, 0)
  bytes.writeUIntBE(payload.length, 1, 3)
  // The highest byte of the timestamp comes after the other three.
  bytes.writeUIntBE(timestamp & 0xffffff, 4, 3)
  bytes.writeUInt8(timestamp >>> 24, 7)
  bytes.writeUIntBE(0, 8, 3)
  bytes.set(payload, tagHeaderBytes)
  bytes.writeUInt32BE(size, size)
  return bytes
}
