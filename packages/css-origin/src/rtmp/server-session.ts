import { FlvTagType } from '../flv/flv-tag'
import type { PlayRequest, PublishSink } from '../stream/stream-service'
import { splitAggregate } from './aggregate'
import type { Amf0Value } from './amf0'
import { maxCommandBytes } from './chunk-reader'
import {
  objectArgument,
  type RtmpCommand,
  type RtmpStatus,
  readCommand,
  statusMessage,
} from './command'
import { RtmpConnection } from './connection'
import { MessageType, type RtmpMessage } from './message'
import { readMetadata } from './metadata'
import { RtmpProtocolError } from './protocol-error'
import {
  commandUnknown,
  connectAccepted,
  connectRefused,
  fcPublishAccepted,
  playEnded,
  playStarted,
  publishStarted,
  resultOf,
} from './replies'
import { createRtmpViewer } from './rtmp-viewer'
import type { RtmpServerSessionOptions } from './server-session-options'
import { requestOf } from './stream-request'

const windowBytes = 5_000_000
const chunkSize = 4096
const maxMessageStreams = 8
const unpublished = 'the publisher unpublished'
const noCommand = 'no publish or play command arrived before the timeout'
/** Time for a refused peer to read the reason and disconnect, in milliseconds. */
const refusalMs = 1000

/** One client of the RTMP server: connect, createStream, publish or play, until it disconnects. */
export class RtmpServerSession {
  readonly #options: RtmpServerSessionOptions
  readonly #connection: RtmpConnection
  #app: string | undefined
  readonly #streams = new Set<number>()
  #publishing:
    | { readonly streamId: number; readonly streamName: string; readonly sink: PublishSink }
    | undefined
  #playing: { readonly streamId: number; readonly leave: () => void } | undefined
  #warnedOfMedia = false
  #over = false
  #cancelTimer: () => void
  #heardAt: number

  constructor(options: RtmpServerSessionOptions) {
    this.#options = options
    this.#heardAt = options.clock.now()
    this.#connection = new RtmpConnection(options.socket, {
      role: 'server',
      limits: {
        ...options.chunkLimits,
        // Allow only the size of a command until the peer publishes.
        maxMessageBytes: Math.min(options.chunkLimits.maxMessageBytes, maxCommandBytes),
      },
      onReady: () => this.#startTimeout(noCommand),
      onMessage: (message) => this.#receive(message),
      onClose: (error) => this.#closed(error),
    })
    this.#cancelTimer = () => undefined
    this.#startTimeout('the RTMP handshake did not complete before the timeout')
  }

  /** Ends the session. */
  close(reason: string): void {
    this.#leave(reason)
    this.#connection.destroy()
  }

  #startTimeout(message: string): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#options.clock.after(this.#options.handshakeTimeoutMs, () =>
      this.#connection.destroy(new RtmpProtocolError(message)),
    )
  }

  #watchSilence(delayMs: number): void {
    const { clock, idleTimeoutMs } = this.#options
    this.#cancelTimer()
    this.#cancelTimer = clock.after(delayMs, () => {
      const silentMs = clock.now() - this.#heardAt
      if (silentMs < idleTimeoutMs) this.#watchSilence(idleTimeoutMs - silentMs)
      else this.close(`the publisher sent nothing for ${idleTimeoutMs} ms`)
    })
  }

  #receive(message: RtmpMessage): void {
    if (this.#over) return
    if (message.type === MessageType.aggregate) {
      for (const part of splitAggregate(message)) this.#receiveMedia(part)
      return
    }
    const command = readCommand(message)
    if (command) this.#handle(command, message.streamId)
    else this.#receiveMedia(message)
  }

  #handle(command: RtmpCommand, streamId: number): void {
    switch (command.name) {
      case 'connect':
        this.#connect(command)
        break
      case 'releaseStream':
      case '_checkbw':
      case 'getStreamLength':
        this.#respond(command, null)
        break
      case 'FCPublish':
        this.#connection.send(fcPublishAccepted())
        this.#respond(command, null)
        break
      case 'createStream':
        this.#createStream(command)
        break
      case 'publish':
        this.#publish(command, streamId)
        break
      case 'play':
        this.#play(command, streamId)
        break
      case 'FCUnpublish':
        this.#unpublish(command)
        break
      case 'closeStream':
        this.#leaveStream(streamId)
        break
      case 'deleteStream':
        this.#leaveStream(command.args[1])
        this.#streams.delete(Number(command.args[1]))
        break
      default:
        // Encoders send commands of their own; a command without a transaction has no response.
        if (command.transaction > 0) this.#connection.send(commandUnknown(command))
    }
  }

  #connect(command: RtmpCommand): void {
    const { app } = objectArgument(command, 0)
    // Some encoders send the query of the address with the application's name.
    const name = typeof app === 'string' ? (app.split('?')[0] ?? '').replace(/^\/+|\/+$/g, '') : ''
    const refusal = this.#options.service.refuseApp(name)
    if (refusal) {
      this.#connection.send(connectRefused(command, refusal))
      this.#disconnect(refusal)
      return
    }
    this.#app = name
    this.#connection.setWindow(windowBytes)
    this.#connection.setChunkSize(chunkSize)
    this.#connection.send(connectAccepted(command))
  }

  #createStream(command: RtmpCommand): void {
    if (this.#streams.size >= maxMessageStreams) {
      throw new RtmpProtocolError(`more than ${maxMessageStreams} message streams`)
    }
    let streamId = 1
    while (this.#streams.has(streamId)) streamId += 1
    this.#streams.add(streamId)
    this.#respond(command, null, streamId)
  }

  /** Ends the stream that a command names. A command without a name means the only stream. */
  #unpublish({ args }: RtmpCommand): void {
    const name = typeof args[1] === 'string' ? requestOf(args[1]).streamName : undefined
    if (name === undefined || name === this.#publishing?.streamName) this.#leave(unpublished, false)
  }

  /** Ends the stream on a message stream. Stream 0, the connection, means the only stream. */
  #leaveStream(streamId: Amf0Value): void {
    const own = (this.#publishing ?? this.#playing)?.streamId
    if (streamId === own || !streamId) this.#leave(unpublished, false)
  }

  /** Reads the request in a `publish` or `play` command. A client may send one of them, once. */
  #request(command: RtmpCommand, streamId: number): PlayRequest {
    const target = command.args[1]
    const app = this.#app
    const busy = this.#publishing ?? this.#playing
    if (app === undefined || !this.#streams.has(streamId) || busy) {
      throw new RtmpProtocolError(
        `${command.name} is out of order: it must come once, after connect and createStream`,
      )
    }
    return { app, ...requestOf(typeof target === 'string' ? target : '') }
  }

  #play(command: RtmpCommand, streamId: number): void {
    const { maxViewerQueueBytes, service } = this.#options
    const request = this.#request(command, streamId)
    const { streamName } = request
    const result = service.play(request)
    if (!result.ok) {
      this.#refuse(streamId, result)
      return
    }
    this.#cancelTimer()
    const connection = this.#connection
    connection.allowUnread(maxViewerQueueBytes)
    connection.beginStream(streamId)
    connection.send(...playStarted(streamName, streamId))
    const viewer = createRtmpViewer(connection, streamId, maxViewerQueueBytes, () => {
      connection.endStream(streamId)
      connection.send(...playEnded(streamName, streamId))
      this.#leave('the stream ended')
    })
    // Set `#playing` before `watch`, because cached media may stall the viewer at once.
    const playing = { streamId, leave: (): void => undefined }
    this.#playing = playing
    playing.leave = result.watch(viewer)
  }

  #publish(command: RtmpCommand, streamId: number): void {
    const request = this.#request(command, streamId)
    const { streamName } = request
    const evict = (reason: string): void => {
      this.#leave(reason)
      this.#refuse(streamId, { code: 'NetStream.Publish.BadName', description: reason })
    }
    const result = this.#options.service.publish({ ...request, evict })
    if (!result.ok) {
      const { description } = result
      this.#refuse(streamId, { code: 'NetStream.Publish.BadName', description })
      return
    }
    this.#publishing = { streamId, streamName, sink: result.sink }
    this.#heardAt = this.#options.clock.now()
    this.#watchSilence(this.#options.idleTimeoutMs)
    this.#connection.allowMessages(this.#options.chunkLimits.maxMessageBytes)
    this.#connection.beginStream(streamId)
    this.#connection.send(publishStarted(streamName, streamId))
  }

  #receiveMedia({ payload, streamId, timestamp, type }: RtmpMessage): void {
    const publishing = this.#publishing
    // Some encoders send media on stream 0; a connection publishes only one stream, so it is clear which.
    if (!publishing || (streamId !== 0 && streamId !== publishing.streamId)) {
      if (!this.#warnedOfMedia) {
        const reason = `message stream ${streamId} does not publish: send publish on it first`
        this.#options.logger.warn('RTMP media ignored', { reason })
      }
      this.#warnedOfMedia = true
      return
    }
    this.#heardAt = this.#options.clock.now()
    if (type === MessageType.audio || type === MessageType.video) {
      if (payload.length > 0) publishing.sink.push({ type, timestamp, payload })
    } else if (type === MessageType.dataAmf0) {
      const script = readMetadata(payload)
      if (script) publishing.sink.push({ type: FlvTagType.script, timestamp, payload: script })
    }
  }

  #respond(command: RtmpCommand, ...args: RtmpCommand['args']): void {
    if (command.transaction > 0) this.#connection.send(resultOf(command, ...args))
  }

  #refuse(streamId: number, { code, description }: Omit<RtmpStatus, 'level'>): void {
    this.#connection.send(statusMessage({ level: 'error', code, description }, streamId))
    this.#disconnect(description)
  }

  #disconnect(reason: string): void {
    this.#options.logger.warn('RTMP client refused', { reason })
    this.#over = true
    this.#cancelTimer()
    this.#cancelTimer = this.#options.clock.after(refusalMs, () => this.#connection.destroy())
    this.#connection.end()
  }

  /** `lost` is false when the client asked to leave, so that it is not expected to return. */
  #leave(reason: string, lost = true): void {
    const publishing = this.#publishing
    const playing = this.#playing
    if (!publishing && !playing) return
    this.#publishing = undefined
    this.#playing = undefined
    playing?.leave()
    publishing?.sink.end(reason, lost)
    this.#startTimeout(noCommand)
  }

  #closed(error: Error | undefined): void {
    this.#leave(error ? error.message : 'the client disconnected')
    this.#cancelTimer()
    if (!error) return
    const level = error instanceof RtmpProtocolError ? 'warn' : 'info'
    this.#options.logger[level]('RTMP connection closed', { reason: error.message })
  }
}
