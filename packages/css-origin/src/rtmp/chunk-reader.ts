import { uint32 } from './amf0'
import { defaultChunkSize } from './chunk-writer'
import { MessageType, type RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

/**
 * Maximum size of a command or data message in bytes, because it is decoded at once. Real encoders send less.
 */
export const maxCommandBytes = 64 * 1024
const commandTypes: readonly number[] = [
  MessageType.commandAmf0,
  MessageType.commandAmf3,
  MessageType.dataAmf0,
]

/** Memory limits of one connection. */
export interface ChunkLimits {
  /**
   * Maximum size of a message, and of all incomplete messages together, in bytes. Commands and data have at
   * most 64 KiB.
   */
  readonly maxMessageBytes: number
  /** Maximum number of chunk streams per connection. */
  readonly maxChunkStreams: number
}

/** Default limits: enough for a 4K key frame and for the chunk streams of every known encoder. */
export const defaultChunkLimits: ChunkLimits = {
  maxMessageBytes: 4 * 1024 * 1024,
  maxChunkStreams: 32,
}

const extendedTimestamp = 0xffffff
const messageHeaderBytes = [11, 7, 3, 0] as const
const nothing = Buffer.alloc(0)
/**
 * Size of the first allocation for a message, in bytes. It grows with the received bytes, not with the
 * announced length.
 */
const firstAllocation = 64 * 1024

/** The last header of one chunk stream, and its incomplete message. */
interface ChunkStreamState {
  readonly id: number
  timestamp: number
  delta: number
  extended: boolean
  length: number
  type: number
  streamId: number
  body: Buffer | undefined
  received: number
}

/**
 * Assembles RTMP messages from bytes that arrive in any pieces. Handles Set Chunk Size and Abort itself;
 * every other message goes to `onMessage`.
 */
export class ChunkReader {
  readonly #onMessage: (message: RtmpMessage) => void
  readonly #limits: ChunkLimits
  readonly #streams = new Map<number, ChunkStreamState>()
  #chunkSize = defaultChunkSize
  #partialHeader: Buffer = nothing
  #bodyBytes = 0
  #maxMessageBytes: number
  #chunk: { stream: ChunkStreamState; remaining: number } | undefined

  constructor(onMessage: (message: RtmpMessage) => void, limits: ChunkLimits = defaultChunkLimits) {
    this.#onMessage = onMessage
    this.#limits = limits
    this.#maxMessageBytes = limits.maxMessageBytes
  }

  /** Changes the limit for later messages. */
  allowMessages(maxBytes: number): void {
    this.#maxMessageBytes = maxBytes
  }

  /**
   * Takes the next bytes of the connection.
   *
   * @throws RtmpProtocolError when the bytes are not RTMP or exceed the limits. The connection cannot
   * continue then.
   */
  push(bytes: Buffer): void {
    const input =
      this.#partialHeader.length === 0 ? bytes : Buffer.concat([this.#partialHeader, bytes])
    this.#partialHeader = nothing
    let offset = 0
    while (offset < input.length) {
      const used = this.#chunk ? this.#readBody(input, offset) : this.#readHeader(input, offset)
      if (used === 0) {
        // Copy at most 18 bytes, so that the input can be freed.
        this.#partialHeader = Buffer.from(input.subarray(offset))
        return
      }
      offset += used
    }
  }

  /** Returns the number of used bytes, or 0 while the header is incomplete. */
  #readHeader(input: Buffer, start: number): number {
    const basic = readBasicHeader(input, start)
    if (!basic) return 0
    const stream = this.#streams.get(basic.chunkStreamId) ?? this.#fresh(basic)
    const fields = start + basic.bytes
    const headerEnd = fields + messageHeaderBytes[basic.format]
    if (headerEnd > input.length) return 0
    const extended =
      basic.format < 3
        ? input.readUIntBE(fields, 3) === extendedTimestamp
        : stream.extended && repeatsTime(input, headerEnd, stream)
    const end = headerEnd + (extended ? 4 : 0)
    if (extended === undefined || end > input.length) return 0

    if (basic.format < 3) {
      if (stream.body) {
        throw new RtmpProtocolError(
          `chunk stream ${stream.id} starts a message before its last one is complete`,
        )
      }
      stream.extended = extended
      stream.delta = extended ? input.readUInt32BE(headerEnd) : input.readUIntBE(fields, 3)
      if (basic.format < 2) {
        stream.length = input.readUIntBE(fields + 3, 3)
        stream.type = input.readUInt8(fields + 6)
      }
      if (basic.format === 0) stream.streamId = input.readUInt32LE(fields + 7)
    }
    if (!stream.body) {
      stream.timestamp = basic.format === 0 ? stream.delta : (stream.timestamp + stream.delta) >>> 0
    }
    this.#streams.set(stream.id, stream)
    this.#beginChunk(stream)
    return end - start
  }

  #fresh(basic: BasicHeader): ChunkStreamState {
    // Accept format 1, which refers to message stream 0: librtmp sends pings so on a new chunk stream.
    if (basic.format > 1) {
      throw new RtmpProtocolError(
        `chunk stream ${basic.chunkStreamId} starts with a header of format ${basic.format}, ` +
          'which refers to an earlier header',
      )
    }
    if (this.#streams.size >= this.#limits.maxChunkStreams) {
      throw new RtmpProtocolError(`more than ${this.#limits.maxChunkStreams} chunk streams`)
    }
    return {
      id: basic.chunkStreamId,
      timestamp: 0,
      delta: 0,
      extended: false,
      length: 0,
      type: 0,
      streamId: 0,
      body: undefined,
      received: 0,
    }
  }

  #beginChunk(stream: ChunkStreamState): void {
    if (!stream.body) {
      this.#checkLength(stream)
      stream.body = Buffer.allocUnsafe(Math.min(stream.length, firstAllocation))
      stream.received = 0
      this.#bodyBytes += stream.length
    }
    const remaining = Math.min(this.#chunkSize, stream.length - stream.received)
    if (remaining > 0) this.#chunk = { stream, remaining }
    else this.#complete(stream, stream.body)
  }

  #checkLength({ length, type }: ChunkStreamState): void {
    if (commandTypes.includes(type) && length > maxCommandBytes) {
      throw new RtmpProtocolError(
        `a command of ${length} bytes exceeds the limit of ${maxCommandBytes}`,
      )
    }
    if (this.#bodyBytes + length > this.#maxMessageBytes) {
      throw new RtmpProtocolError(
        `a message of ${length} bytes (with ${this.#bodyBytes} bytes of incomplete messages) exceeds ` +
          `the limit of ${this.#maxMessageBytes}`,
      )
    }
  }

  #readBody(input: Buffer, offset: number): number {
    const chunk = this.#chunk
    if (!chunk) return 0
    const { stream } = chunk
    const used = Math.min(chunk.remaining, input.length - offset)
    const body = roomFor(stream, used)
    input.copy(body, stream.received, offset, offset + used)
    stream.received += used
    chunk.remaining -= used
    if (chunk.remaining === 0) {
      this.#chunk = undefined
      if (stream.received === stream.length) this.#complete(stream, body)
    }
    return used
  }

  #complete(stream: ChunkStreamState, payload: Buffer): void {
    this.#drop(stream)
    if (stream.type === MessageType.setChunkSize) this.#setChunkSize(payload)
    else if (stream.type === MessageType.abort) this.#abort(payload)
    else {
      this.#onMessage({
        chunkStreamId: stream.id,
        streamId: stream.streamId,
        type: stream.type,
        timestamp: stream.timestamp,
        payload,
      })
    }
  }

  #drop(stream: ChunkStreamState): void {
    if (!stream.body) return
    this.#bodyBytes -= stream.length
    stream.body = undefined
  }

  #setChunkSize(payload: Buffer): void {
    const size = payload.length >= 4 ? payload.readUInt32BE(0) : 0
    if (size < 1 || size > 0x7fffffff) {
      throw new RtmpProtocolError(`Set Chunk Size has ${size} bytes; allowed are 1 to 2147483647`)
    }
    this.#chunkSize = size
  }

  #abort(payload: Buffer): void {
    if (payload.length < 4) throw new RtmpProtocolError('an Abort message has no chunk stream')
    const stream = this.#streams.get(payload.readUInt32BE(0))
    if (stream) this.#drop(stream)
  }
}

/**
 * Returns whether a header of format 3 repeats the extended timestamp; undefined while too few bytes have
 * arrived. Some senders, such as librtmp until OBS 30.0, omit it, so the bytes are compared.
 */
function repeatsTime(
  input: Buffer,
  offset: number,
  { delta, timestamp }: ChunkStreamState,
): boolean | undefined {
  const given = input.subarray(offset, offset + 4)
  const starts = (value: number): boolean => uint32(value).subarray(0, given.length).equals(given)
  if (!starts(delta) && !starts(timestamp)) return false
  return given.length === 4 ? true : undefined
}

/** Returns the message's buffer, grown if necessary to hold this number of additional bytes. */
function roomFor(stream: ChunkStreamState, bytes: number): Buffer {
  const needed = stream.received + bytes
  const { body = nothing } = stream
  if (needed <= body.length) return body
  const grown = Buffer.allocUnsafe(Math.min(stream.length, Math.max(needed, body.length * 2)))
  body.copy(grown, 0, 0, stream.received)
  stream.body = grown
  return grown
}

interface BasicHeader {
  readonly format: 0 | 1 | 2 | 3
  readonly chunkStreamId: number
  readonly bytes: number
}

const formats = [0, 1, 2, 3] as const

function readBasicHeader(input: Buffer, offset: number): BasicHeader | undefined {
  const first = input[offset]
  if (first === undefined) return undefined
  const format = formats[(first >> 6) as 0 | 1 | 2 | 3]
  const low = first & 0x3f
  if (low >= 2) return { format, chunkStreamId: low, bytes: 1 }
  const second = input[offset + 1]
  if (second === undefined) return undefined
  if (low === 0) return { format, chunkStreamId: 64 + second, bytes: 2 }
  const third = input[offset + 2]
  if (third === undefined) return undefined
  return { format, chunkStreamId: 64 + second + third * 256, bytes: 3 }
}
