import type { Duplex } from 'node:stream'
import type { MediaClock } from '../clock'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { Viewer } from '../flv/viewer'
import type { MediaLogger } from '../logger'
import { splitAggregate } from './aggregate'
import { type ChunkLimits, MAX_COMMAND_BYTES } from './chunk-reader'
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
import { PlayViewer } from './play-viewer'
import { RtmpProtocolError } from './protocol-error'
import {
  commandUnknown,
  connectAccepted,
  connectRefused,
  fcPublishAccepted,
  playEnded,
  playStarted,
  publishStarted,
  result,
} from './replies'

/** Where an accepted publisher's media goes. */
export interface PublishSink {
  push(tag: FlvTag): void
  /** The publisher has left, for `reason`. Called once. */
  end(reason: string): void
}

/** What a player asks for. */
export interface PlayRequest {
  readonly app: string
  readonly streamName: string
  /** What came behind the name; holds the signature. */
  readonly query: URLSearchParams
}

/** What a publisher asks for. */
export interface PublishRequest extends PlayRequest {
  /** Ends the publisher from our side; it is told the reason. */
  readonly evict: (reason: string) => void
}

/** A refusal's `description` is shown to the person at the encoder. */
export type PublishAnswer =
  | { readonly ok: true; readonly sink: PublishSink }
  | { readonly ok: false; readonly description: string }

/** `watch` takes the viewer in and gives back how it leaves. */
export type PlayAnswer =
  | { readonly ok: true; readonly watch: (viewer: Viewer) => () => void }
  | { readonly ok: false; readonly code: string; readonly description: string }

/** The service behind the protocol. */
export interface RtmpService {
  /** Why clients may not connect to `app`, or undefined when they may. */
  refuseApp(app: string): string | undefined
  publish(request: PublishRequest): PublishAnswer
  play(request: PlayRequest): PlayAnswer
}

export interface RtmpServerSessionOptions {
  readonly socket: Duplex
  readonly service: RtmpService
  readonly clock: MediaClock
  readonly logger: MediaLogger
  readonly chunkLimits: ChunkLimits
  /** Time from the first byte to the end of the handshake, and from there to `publish`. */
  readonly handshakeTimeoutMs: number
  /** A publisher that sends nothing for this long is dropped. */
  readonly idleTimeoutMs: number
  /** Bytes that a player may be behind before it is dropped. */
  readonly maxViewerQueueBytes: number
}

const WINDOW_BYTES = 5_000_000
const CHUNK_SIZE = 4096
const MAX_MESSAGE_STREAMS = 8
const NO_COMMAND = 'no publish or play command came in time'
/** How long a refused peer may take to read the reason and leave. */
const FAREWELL_MS = 1000

/** One client of the RTMP server: connect, createStream, publish or play, until it leaves. */
export class RtmpServerSession {
  readonly #connection: RtmpConnection
  #app: string | undefined
  #streams = 0
  #publishing: { readonly streamId: number; readonly sink: PublishSink } | undefined
  #playing: { readonly leave: () => void } | undefined
  #over = false
  #cancelDeadline: () => void
  #heardAt: number

  constructor(private readonly options: RtmpServerSessionOptions) {
    this.#heardAt = options.clock.now()
    this.#connection = new RtmpConnection(options.socket, {
      role: 'server',
      limits: {
        ...options.chunkLimits,
        // Until a peer may publish, it has nothing longer than commands to send.
        maxMessageBytes: Math.min(options.chunkLimits.maxMessageBytes, MAX_COMMAND_BYTES),
      },
      onReady: () => this.#limitTime(NO_COMMAND),
      onMessage: (message) => this.#receive(message),
      onClose: (error) => this.#closed(error),
    })
    this.#cancelDeadline = () => undefined
    this.#limitTime('the RTMP handshake was not finished in time')
  }

  /** Ends the session from our side. */
  close(reason: string): void {
    this.#leave(reason)
    this.#connection.destroy()
  }

  #limitTime(complaint: string): void {
    this.#cancelDeadline()
    this.#cancelDeadline = this.options.clock.schedule(
      () => this.#connection.destroy(new RtmpProtocolError(complaint)),
      this.options.handshakeTimeoutMs,
    )
  }

  #watchForSilence(delayMs: number): void {
    const { clock, idleTimeoutMs } = this.options
    this.#cancelDeadline()
    this.#cancelDeadline = clock.schedule(() => {
      const silentMs = clock.now() - this.#heardAt
      if (silentMs < idleTimeoutMs) this.#watchForSilence(idleTimeoutMs - silentMs)
      else this.close(`it sent nothing for ${idleTimeoutMs} ms`)
    }, delayMs)
  }

  #receive(message: RtmpMessage): void {
    if (this.#over) return
    if (message.type === MessageType.aggregate) {
      for (const part of splitAggregate(message)) this.#receiveMedia(part)
      return
    }
    const command = readCommand(message)
    if (command) this.#obey(command, message.streamId)
    else this.#receiveMedia(message)
  }

  #obey(command: RtmpCommand, streamId: number): void {
    switch (command.name) {
      case 'connect':
        this.#connect(command)
        break
      case 'releaseStream':
      case '_checkbw':
      case 'getStreamLength':
        this.#answer(command, null)
        break
      case 'FCPublish':
        this.#connection.send(fcPublishAccepted())
        this.#answer(command, null)
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
      case 'closeStream':
      case 'deleteStream':
        this.#leave('it unpublished')
        break
      default:
        // Encoders send commands of their own; without a transaction they expect no answer.
        if (command.transaction > 0) this.#connection.send(commandUnknown(command))
    }
  }

  #connect(command: RtmpCommand): void {
    const { app } = objectArgument(command, 0)
    // Some encoders leave the query of the address in the application's name.
    const name = typeof app === 'string' ? (app.split('?')[0] ?? '').replace(/^\/+|\/+$/g, '') : ''
    const refusal = this.options.service.refuseApp(name)
    if (refusal) {
      this.#connection.send(connectRefused(command, refusal))
      this.#sayGoodbye(refusal)
      return
    }
    this.#app = name
    this.#connection.setWindow(WINDOW_BYTES)
    this.#connection.setChunkSize(CHUNK_SIZE)
    this.#connection.send(connectAccepted(command))
  }

  #createStream(command: RtmpCommand): void {
    if (this.#streams >= MAX_MESSAGE_STREAMS) {
      throw new RtmpProtocolError(`more than ${MAX_MESSAGE_STREAMS} message streams`)
    }
    this.#streams += 1
    this.#answer(command, null, this.#streams)
  }

  /** What a `publish` or `play` command asks for; both come once, on a stream of their own. */
  #request(command: RtmpCommand, streamId: number): PlayRequest {
    const target = command.args[1]
    const app = this.#app
    const busy = this.#publishing ?? this.#playing
    if (app === undefined || streamId < 1 || streamId > this.#streams || busy) {
      throw new RtmpProtocolError(
        `${command.name} came out of order: connect and createStream come first, and it comes once`,
      )
    }
    const [streamName = '', ...query] = typeof target === 'string' ? target.split('?') : []
    return { app, streamName, query: new URLSearchParams(query.join('?')) }
  }

  #play(command: RtmpCommand, streamId: number): void {
    const { maxViewerQueueBytes, service } = this.options
    const request = this.#request(command, streamId)
    const { streamName } = request
    const answer = service.play(request)
    if (!answer.ok) {
      this.#refuse(streamId, answer)
      return
    }
    this.#cancelDeadline()
    const connection = this.#connection
    connection.allowUnread(maxViewerQueueBytes)
    connection.beginStream(streamId)
    connection.send(...playStarted(streamName, streamId))
    const viewer = new PlayViewer({
      connection,
      streamId,
      maxQueueBytes: maxViewerQueueBytes,
      onStalled: () => connection.destroy(new RtmpProtocolError('the player reads too slowly')),
      onEnd: () => {
        connection.endStream(streamId)
        connection.send(...playEnded(streamName, streamId))
        this.#leave('the stream ended')
      },
    })
    // Said before it watches: what is cached reaches the viewer at once, and may be too much for it.
    const playing = { leave: (): void => undefined }
    this.#playing = playing
    playing.leave = answer.watch(viewer)
  }

  #publish(command: RtmpCommand, streamId: number): void {
    const request = this.#request(command, streamId)
    const { streamName } = request
    const evict = (reason: string): void => {
      this.#leave(reason)
      this.#refuse(streamId, { code: 'NetStream.Publish.BadName', description: reason })
    }
    const answer = this.options.service.publish({ ...request, evict })
    if (!answer.ok) {
      const { description } = answer
      this.#refuse(streamId, { code: 'NetStream.Publish.BadName', description })
      return
    }
    this.#publishing = { streamId, sink: answer.sink }
    this.#heardAt = this.options.clock.now()
    this.#watchForSilence(this.options.idleTimeoutMs)
    this.#connection.allowMessages(this.options.chunkLimits.maxMessageBytes)
    this.#connection.beginStream(streamId)
    this.#connection.send(publishStarted(streamName, streamId))
  }

  #receiveMedia({ payload, streamId, timestamp, type }: RtmpMessage): void {
    const publishing = this.#publishing
    if (!publishing || publishing.streamId !== streamId) return
    this.#heardAt = this.options.clock.now()
    if (type === MessageType.audio || type === MessageType.video) {
      if (payload.length > 0) publishing.sink.push({ type, timestamp, payload })
    } else if (type === MessageType.dataAmf0) {
      const script = readMetadata(payload)
      if (script) publishing.sink.push({ type: FlvTagType.script, timestamp, payload: script })
    }
  }

  #answer(command: RtmpCommand, ...args: RtmpCommand['args']): void {
    if (command.transaction > 0) this.#connection.send(result(command, ...args))
  }

  #refuse(streamId: number, { code, description }: Omit<RtmpStatus, 'level'>): void {
    this.#connection.send(statusMessage({ level: 'error', code, description }, streamId))
    this.#sayGoodbye(description)
  }

  #sayGoodbye(reason: string): void {
    this.options.logger.warn('RTMP client refused', { reason })
    this.#over = true
    this.#cancelDeadline()
    this.#cancelDeadline = this.options.clock.schedule(
      () => this.#connection.destroy(),
      FAREWELL_MS,
    )
    this.#connection.end()
  }

  #leave(reason: string): void {
    const publishing = this.#publishing
    const playing = this.#playing
    if (!publishing && !playing) return
    this.#publishing = undefined
    this.#playing = undefined
    playing?.leave()
    publishing?.sink.end(reason)
    this.#limitTime(NO_COMMAND)
  }

  #closed(error: Error | undefined): void {
    this.#leave(error ? error.message : 'it disconnected')
    this.#cancelDeadline()
    if (!error) return
    const level = error instanceof RtmpProtocolError ? 'warn' : 'info'
    this.options.logger[level]('RTMP connection closed', { reason: error.message })
  }
}
