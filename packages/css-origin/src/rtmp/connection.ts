import type { Duplex } from 'node:stream'
import { uint32 } from './amf0'
import { type ChunkLimits, ChunkReader, defaultChunkLimits } from './chunk-reader'
import { ChunkWriter } from './chunk-writer'
import { Handshake } from './handshake'
import { ChunkStream, MessageType, type RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

const UserControlEvent = { streamBegin: 0, streamEof: 1, pingRequest: 6, pingResponse: 7 } as const

/** Maximum number of unread reply bytes; above it, the connection is closed. */
const maxUnreadReplyBytes = 1024 * 1024

export interface RtmpConnectionOptions {
  readonly role: 'client' | 'server'
  readonly limits?: ChunkLimits
  /** Called when the handshake is complete. */
  readonly onReady: () => void
  /** Receives commands, data, audio and video. */
  readonly onMessage: (message: RtmpMessage) => void
  /** Called once when the connection ends; `error` is undefined when the peer disconnected normally. */
  readonly onClose: (error: Error | undefined) => void
}

/** RTMP on one socket, as client or server: handshake, chunks, acknowledgements and pings. */
export class RtmpConnection {
  readonly #socket: Duplex
  readonly #options: RtmpConnectionOptions
  readonly #reader: ChunkReader
  readonly #writer = new ChunkWriter()
  readonly #handshake: Handshake
  #ready = false
  #failure: Error | undefined
  #bytesReceived = 0
  #bytesAcknowledged = 0
  #ackWindow = 0
  #maxUnreadBytes = maxUnreadReplyBytes

  constructor(socket: Duplex, options: RtmpConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#reader = new ChunkReader(
      (message) => this.#receive(message),
      options.limits ?? defaultChunkLimits,
    )
    socket.on('data', (bytes: Buffer) => this.#guard(() => this.#read(bytes)))
    socket.on('error', (error) => {
      this.#failure ??= error
    })
    socket.once('close', () => options.onClose(this.#failure))
    this.#handshake = new Handshake(options.role, (bytes) => socket.write(bytes))
  }

  /** Number of bytes that wait for the peer. */
  get queuedBytes(): number {
    return this.#socket.writableLength
  }

  /** Sends the messages together. No-op after the end of the connection. */
  send(...messages: readonly RtmpMessage[]): void {
    if (!this.#socket.writable) return
    this.#socket.cork()
    for (const message of messages) {
      for (const part of this.#writer.write(message)) this.#socket.write(part)
    }
    this.#socket.uncork()
  }

  /** Announces our chunk size and uses it from now on. */
  setChunkSize(size: number): void {
    if (!this.#socket.writable) return
    for (const part of this.#writer.setChunkSize(size)) this.#socket.write(part)
  }

  /** Announces the number of bytes that we send before we expect an acknowledgement. */
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

  /** Reports to a client that a message stream is ready. */
  beginStream(streamId: number): void {
    this.send(control(MessageType.userControl, userControl(UserControlEvent.streamBegin, streamId)))
  }

  /** Reports to a player that a message stream has ended. */
  endStream(streamId: number): void {
    this.send(control(MessageType.userControl, userControl(UserControlEvent.streamEof, streamId)))
  }

  /** Raises the message limit for an accepted peer. */
  allowMessages(maxBytes: number): void {
    this.#reader.allowMessages(maxBytes)
  }

  /** Raises the limit of unread bytes for a peer that receives media. */
  allowUnread(maxBytes: number): void {
    this.#maxUnreadBytes = maxBytes
  }

  /** Sends the queued bytes, then ends the connection. */
  end(): void {
    this.#socket.end()
  }

  /** Closes the connection at once; `onClose` gets `reason`. */
  destroy(reason?: Error): void {
    this.#failure ??= reason
    this.#socket.destroy()
  }

  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #read(bytes: Buffer): void {
    if (this.#socket.destroyed) return
    this.#bytesReceived += bytes.length
    if (this.#ready) this.#reader.push(bytes)
    else {
      const rest = this.#handshake.push(bytes)
      if (!rest) return
      this.#ready = true
      this.#options.onReady()
      this.#reader.push(rest)
    }
    this.#acknowledge()
    if (this.#socket.writableLength > this.#maxUnreadBytes && this.#options.role === 'server') {
      throw new RtmpProtocolError('the peer sends requests without reading the replies')
    }
  }

  #receive(message: RtmpMessage): void {
    if (this.#socket.destroyed) return
    const { payload, type } = message
    if (type === MessageType.windowAckSize) {
      this.#ackWindow = readUint32(payload)
    } else if (type === MessageType.setPeerBandwidth) {
      this.send(control(MessageType.windowAckSize, uint32(readUint32(payload))))
    } else if (type === MessageType.userControl) {
      this.#receiveUserControl(payload)
    } else if (type !== MessageType.acknowledgement) {
      this.#options.onMessage(message)
    }
  }

  #receiveUserControl(payload: Buffer): void {
    if (payload.length < 6 || payload.readUInt16BE(0) !== UserControlEvent.pingRequest) return
    const pong = userControl(UserControlEvent.pingResponse, payload.readUInt32BE(2))
    this.send(control(MessageType.userControl, pong))
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

function readUint32(payload: Buffer): number {
  if (payload.length < 4) throw new RtmpProtocolError('a control message has fewer than 4 bytes')
  return payload.readUInt32BE(0)
}
