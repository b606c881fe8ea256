import { uint32 } from './amf0'
import { MessageType, type RtmpMessage } from './message'

const extendedTimestamp = 0xffffff

/** Chunk size until the sender announces another one (RTMP 1.0, 5.4.1). */
export const defaultChunkSize = 128

/**
 * Cuts messages into chunks. The first chunk of a message has a full header (format 0), the others have
 * none (format 3): a few more bytes than deltas, and no state.
 */
export class ChunkWriter {
  #chunkSize = defaultChunkSize

  /** Announces a chunk size and uses it from the next message on. */
  setChunkSize(size: number): Buffer[] {
    const announcement = this.write({
      chunkStreamId: 2,
      streamId: 0,
      type: MessageType.setChunkSize,
      timestamp: 0,
      payload: uint32(size),
    })
    this.#chunkSize = size
    return announcement
  }

  /** Returns the bytes of one message, without a copy of the payload. */
  write(message: RtmpMessage): Buffer[] {
    const { payload, timestamp } = message
    const extended = timestamp >= extendedTimestamp
    const parts: Buffer[] = [firstHeader(message, extended)]
    for (let offset = 0; offset < payload.length; offset += this.#chunkSize) {
      if (offset > 0) parts.push(continuationHeader(message, extended))
      parts.push(payload.subarray(offset, offset + this.#chunkSize))
    }
    return parts
  }
}

function firstHeader(message: RtmpMessage, extended: boolean): Buffer {
  const basic = basicHeader(0, message.chunkStreamId)
  const header = Buffer.alloc(basic.length + 11 + (extended ? 4 : 0))
  basic.copy(header)
  let offset = header.writeUIntBE(extended ? extendedTimestamp : message.timestamp, basic.length, 3)
  offset = header.writeUIntBE(message.payload.length, offset, 3)
  offset = header.writeUInt8(message.type, offset)
  offset = header.writeUInt32LE(message.streamId, offset)
  if (extended) header.writeUInt32BE(message.timestamp, offset)
  return header
}

function continuationHeader(message: RtmpMessage, extended: boolean): Buffer {
  const basic = basicHeader(3, message.chunkStreamId)
  if (!extended) return basic
  const header = Buffer.alloc(basic.length + 4)
  basic.copy(header)
  header.writeUInt32BE(message.timestamp, basic.length)
  return header
}

function basicHeader(format: number, chunkStreamId: number): Buffer {
  const bits = format << 6
  if (chunkStreamId < 64) return Buffer.of(bits | chunkStreamId)
  const rest = chunkStreamId - 64
  if (rest < 256) return Buffer.of(bits, rest)
  return Buffer.of(bits | 1, rest & 0xff, rest >> 8)
}
