import type { Duplex } from 'node:stream'
import type { MediaClock } from '../clock'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { MediaLogger } from '../logger'
import type { ChunkLimits } from './chunk-reader'
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
  publishStarted,
  result,
} from './replies'

/** Where an accepted publisher's media goes. */
export interface PublishSink {
  push(tag: FlvTag): void
  /** The publisher has left, for `reason`. Called once. */
  end(reason: string): void
}

/** What a publisher asks for. */
export interface PublishRequest {
  readonly app: string
  readonly streamName: string
  /** What came behind the name; holds the signature. */
  readonly query: URLSearchParams
}

/** A refusal's `description` is shown to the person at the encoder. */
export type PublishAnswer =
  | { readonly ok: true; readonly sink: PublishSink }
  | { readonly ok: false; readonly description: string }

/** The service behind the protocol. */
export interface RtmpService {
  /** Why clients may not connect to `app`, or undefined when they may. */
  refuseApp(app: string): string | undefined
  publish(request: PublishRequest): PublishAnswer
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
}

const WINDOW_BYTES = 5_000_000
const CHUNK_SIZE = 4096
const MAX_MESSAGE_STREAMS = 8
/** How long a refused peer may take to read the reason and leave. */
const FAREWELL_MS = 1000

/** One client of the RTMP server: connect, createStream, publish, and media until it leaves. */
export class RtmpServerSession {
  readonly #connection: RtmpConnection
  #app: string | undefined
  #streams = 0
  #publishing: { readonly streamId: number; readonly sink: PublishSink } | undefined
  #over = false
  #cancelDeadline: () => void
  #heardAt: number

  constructor(private readonly options: RtmpServerSessionOptions) {
    this.#heardAt = options.clock.now()
    this.#connection = new RtmpConnection(options.socket, {
      role: 'server',
      limits: options.chunkLimits,
      onReady: () => this.#limitTime('no publish command came in time'),
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
    this.#heardAt = this.options.clock.now()
    if (this.#over) return
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
      case 'play2':
        this.#refuse(streamId, {
          code: 'NetStream.Play.StreamNotFound',
          description: 'this origin serves streams as HTTP-FLV; ask for /<app>/<stream>.flv',
        })
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

  #publish(command: RtmpCommand, streamId: number): void {
    const target = command.args[1]
    const app = this.#app
    if (app === undefined || streamId < 1 || streamId > this.#streams || this.#publishing) {
      throw new RtmpProtocolError(
        'publish came out of order: connect and createStream come first, and it comes once',
      )
    }
    const [streamName = '', ...query] = typeof target === 'string' ? target.split('?') : []
    const answer = this.options.service.publish({
      app,
      streamName,
      query: new URLSearchParams(query.join('?')),
    })
    if (!answer.ok) {
      const { description } = answer
      this.#refuse(streamId, { code: 'NetStream.Publish.BadName', description })
      return
    }
    this.#publishing = { streamId, sink: answer.sink }
    this.#watchForSilence(this.options.idleTimeoutMs)
    this.#connection.beginStream(streamId)
    this.#connection.send(publishStarted(streamName, streamId))
  }

  #receiveMedia({ payload, streamId, timestamp, type }: RtmpMessage): void {
    const publishing = this.#publishing
    if (!publishing || publishing.streamId !== streamId) return
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

  #refuse(streamId: number, status: Omit<RtmpStatus, 'level'>): void {
    this.#connection.send(statusMessage({ level: 'error', ...status }, streamId))
    this.#sayGoodbye(status.description)
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
    if (!publishing) return
    this.#publishing = undefined
    publishing.sink.end(reason)
    this.#limitTime('no publish command came in time')
  }

  #closed(error: Error | undefined): void {
    this.#leave(error ? error.message : 'it disconnected')
    this.#cancelDeadline()
    if (!error) return
    const level = error instanceof RtmpProtocolError ? 'warn' : 'info'
    this.options.logger[level]('RTMP connection closed', { reason: error.message })
  }
}
