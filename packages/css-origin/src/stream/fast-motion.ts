import { type FlvTag, FlvTagType } from '../flv/flv-tag'

/** Cached media before the live edge that keeps its pace, in milliseconds. */
const keptMs = 1000
/** Factor of the fast motion. At 60 pictures a second, their times still differ by a millisecond. */
const factor = 16

/**
 * Returns cached media for a viewer that joins late in a long group of pictures: pictures older than a
 * second in fast motion and without their sound, so that the viewer starts near the live edge.
 */
export function fastMotion(cached: readonly FlvTag[]): readonly FlvTag[] {
  const from = cached[0]?.timestamp ?? 0
  const edge = (cached.at(-1)?.timestamp ?? 0) - keptMs
  if (edge <= from) return cached
  const base = edge - Math.ceil((edge - from) / factor)
  const moved = (at: number): number => (at < edge ? base + Math.floor((at - from) / factor) : at)
  return cached
    .filter(({ timestamp, type }) => timestamp >= edge || type === FlvTagType.video)
    .map((tag) => (tag.timestamp < edge ? withTime(tag, moved) : tag))
}

/** Moves a picture, and with it the presentation time that H.264 and HEVC count from its time. */
function withTime({ payload, timestamp, type }: FlvTag, moved: (at: number) => number): FlvTag {
  const time = moved(timestamp)
  const codec = payload[0] ?? 0
  if (payload.length < 5 || codec & 0x80 || ![7, 12].includes(codec & 0x0f)) {
    return { payload, timestamp: time, type }
  }
  const bytes = Buffer.from(payload)
  bytes.writeIntBE(moved(timestamp + bytes.readIntBE(2, 3)) - time, 2, 3)
  return { payload: bytes, timestamp: time, type }
}
