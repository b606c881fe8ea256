import type { Duplex } from 'node:stream'
import { type ChunkLimits, ChunkReader, DEFAULT_CHUNK_LIMITS } from './chunk-reader'
import { ChunkWriter } from './chunk-writer'
import { Handshake } from './handshake'
import { ChunkStream, MessageType, type RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

const UserControlEvent = { streamBegin: 0, streamEof: 1, pingRequest: 6, pingResponse: 7 } as const

/** Replies that a peer may leave unread before it is taken for hostile or gone. */
const MAX_UNREAD_REPLY_BYTES = 1024 * 1024

export interface RtmpConnectionOptions {
  readonly role: 'client' | 'server'
  readonly limits?: ChunkLimits
  /** The handshake is done. */
  readonly onReady: () => void
  /** A message for the session above: commands, data, audio and video. */
  readonly onMessage: (message: RtmpMessage) => void
  /** The connection has ended; `error` says why unless the peer simply left. Called once. */
  readonly onClose: (error: Error | undefined) => void
}

/**
 * RTMP on one socket, either side: handshake, chunks, acknowledgements, pings. What the
 * messages mean is the business of the session above.
 */
export class RtmpConnection {
  readonly #reader: ChunkReader
  readonly #writer = new ChunkWriter()
  readonly #handshake: Handshake
  #ready = false
  #failure: Error | undefined
  #bytesReceived = 0
  #bytesAcknowledged = 0
  #ackWindow = 0
  #maxUnreadBytes = MAX_UNREAD_REPLY_BYTES

  constructor(
    private readonly socket: Duplex,
    private readonly options: RtmpConnectionOptions,
  ) {
    this.#reader = new ChunkReader(
      (message) => this.#receive(message),
      options.limits ?? DEFAULT_CHUNK_LIMITS,
    )
    socket.on('data', (bytes: Buffer) => this.#guard(() => this.#read(bytes)))
    socket.on('error', (error) => {
      this.#failure ??= error
    })
    socket.once('close', () => options.onClose(this.#failure))
    this.#handshake = new Handshake(options.role, (bytes) => socket.write(bytes))
  }

  /** Bytes that the peer has not taken yet. */
  get queuedBytes(): number {
    return this.socket.writableLength
  }

  /** Sends the messages in one go. Does nothing once the connection is over. */
  send(...messages: readonly RtmpMessage[]): void {
    if (!this.socket.writable) return
    this.socket.cork()
    for (const message of messages) {
      for (const part of this.#writer.write(message)) this.socket.write(part)
    }
    this.socket.uncork()
  }

  /** Announces a chunk size for what we send and uses it from here on. */
  setChunkSize(size: number): void {
    if (!this.socket.writable) return
    for (const part of this.#writer.setChunkSize(size)) this.socket.write(part)
  }

  /** Announces how many bytes we send before we expect an acknowledgement. */
  setWindow(bytes: number): void {
    const limitDynamic = 2
    this.send(
      control(MessageType.windowAckSize, uint32(bytes)),
      control(
        MessageType.setPeerBandwidth,
        Buffer.concat([uint32(bytes), Buffer.of(limitDynamic)]),
      ),
    )
  }

  /** Tells a client that a message stream is ready for use. */
  beginStream(streamId: number): void {
    this.send(control(MessageType.userControl, userControl(UserControlEvent.streamBegin, streamId)))
  }

  /** Tells a player that a message stream has no more media. */
  endStream(streamId: number): void {
    this.send(control(MessageType.userControl, userControl(UserControlEvent.streamEof, streamId)))
  }

  /** Lets a peer that has shown who it is send messages of this length. */
  allowMessages(maxBytes: number): void {
    this.#reader.allowMessages(maxBytes)
  }

  /** Lets a peer be this far behind, because it gets media and not only replies. */
  allowUnread(maxBytes: number): void {
    this.#maxUnreadBytes = maxBytes
  }

  /** Sends what is queued, then ends the connection. */
  end(): void {
    this.socket.end()
  }

  /** Cuts the connection; `onClose` gets `reason`. */
  destroy(reason?: Error): void {
    this.#failure ??= reason
    this.socket.destroy()
  }

  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #read(bytes: Buffer): void {
    if (this.socket.destroyed) return
    this.#bytesReceived += bytes.length
    if (this.#ready) this.#reader.push(bytes)
    else {
      const rest = this.#handshake.push(bytes)
      if (!rest) return
      this.#ready = true
      this.options.onReady()
      this.#reader.push(rest)
    }
    this.#acknowledge()
    if (this.socket.writableLength > this.#maxUnreadBytes && this.options.role === 'server') {
      throw new RtmpProtocolError('the peer sends requests and does not read the replies')
    }
  }

  #receive(message: RtmpMessage): void {
    if (this.socket.destroyed) return
    const { payload, type } = message
    if (type === MessageType.windowAckSize) {
      this.#ackWindow = readUint32(payload)
    } else if (type === MessageType.setPeerBandwidth) {
      this.send(control(MessageType.windowAckSize, uint32(readUint32(payload))))
    } else if (type === MessageType.userControl) {
      this.#receiveUserControl(payload)
    } else if (type !== MessageType.acknowledgement) {
      this.options.onMessage(message)
    }
  }

  #receiveUserControl(payload: Buffer): void {
    if (payload.length < 6 || payload.readUInt16BE(0) !== UserControlEvent.pingRequest) return
    const answer = userControl(UserControlEvent.pingResponse, payload.readUInt32BE(2))
    this.send(control(MessageType.userControl, answer))
  }

  #acknowledge(): void {
    if (this.#ackWindow === 0) return
    if (this.#bytesReceived - this.#bytesAcknowledged < this.#ackWindow) return
    this.#bytesAcknowledged = this.#bytesReceived
    this.send(control(MessageType.acknowledgement, uint32(this.#bytesReceived >>> 0)))
  }
}

function control(type: number, payload: Buffer): RtmpMessage {
  return { chunkStreamId: ChunkStream.control, streamId: 0, type, timestamp: 0, payload }
}

function userControl(event: number, value: number): Buffer {
  const payload = Buffer.alloc(6)
  payload.writeUInt16BE(event, 0)
  payload.writeUInt32BE(value >>> 0, 2)
  return payload
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function readUint32(payload: Buffer): number {
  if (payload.length < 4) throw new RtmpProtocolError('control message is shorter than 4 bytes')
  return payload.readUInt32BE(0)
}
