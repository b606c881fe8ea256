import { type FlvTag, FlvTagType } from '../flv/flv-tag'

/** RTMP message type ids (Adobe RTMP 1.0, sections 5.4 and 7.1). */
export const MessageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAckSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
  aggregate: 22,
} as const

/** One complete RTMP message. */
export interface RtmpMessage {
  /** Chunk stream of the message; 2 is reserved for control messages. */
  readonly chunkStreamId: number
  /** Message stream: 0 is the connection itself; `createStream` makes the others. */
  readonly streamId: number
  readonly type: number
  /** Time in milliseconds, unsigned 32 bits; wraps after 49.7 days. */
  readonly timestamp: number
  readonly payload: Buffer
}

/** Our chunk streams: control, commands, and one for each kind of media. */
export const ChunkStream = { control: 2, command: 3, data: 4, audio: 5, video: 6 } as const

const chunkStreamOf = {
  [FlvTagType.audio]: ChunkStream.audio,
  [FlvTagType.video]: ChunkStream.video,
  [FlvTagType.script]: ChunkStream.data,
}

/** Returns the message of a tag, without a copy of its payload. */
export function mediaMessage({ payload, timestamp, type }: FlvTag, streamId: number): RtmpMessage {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  return {
    chunkStreamId: chunkStreamOf[type],
    streamId,
    type,
    timestamp: timestamp >>> 0,
    payload: bytes,
  }
}
