import { connect, type Socket } from 'node:net'
import type { MediaClock } from '../clock'
import type { FlvTag } from '../flv/flv-tag'
import { FlvTagType } from '../flv/flv-tag'
import type { Amf0Object } from './amf0'
import {
  commandMessage,
  type RtmpCommand,
  type RtmpStatus,
  readCommand,
  readStatus,
} from './command'
import { RtmpConnection } from './connection'
import { ChunkStream, MessageType, type RtmpMessage } from './message'
import { setMetadata } from './metadata'
import { PushError } from './push-error'
import { lossReason, refused, timedOut, unreachable } from './push-failure'
import { type PushUrl, parsePushUrl } from './push-url'

export interface PublisherOptions {
  /** `rtmp://host[:port]/app/stream?txSecret=…&txTime=…`. */
  readonly url: string
  readonly clock: MediaClock
  /** Time for everything up to the server's acceptance. */
  readonly timeoutMs: number
  /** Media that the network has not taken may grow to this many bytes; more is dropped. */
  readonly maxQueuedBytes: number
  /** A server that takes nothing for so long, while something waits for it, is given up. Default 30 000. */
  readonly idleTimeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Most pictures fit one chunk of this size, so that they leave without being cut. */
const CHUNK_SIZE = 60_000

/**
 * Connects to a push address and publishes.
 *
 * @throws PushError when the address is wrong, the host does not answer, or the server refuses.
 * @throws the signal's reason when it is aborted.
 */
export async function openPublisher(options: PublisherOptions): Promise<RtmpPublisher> {
  const target = parsePushUrl(options.url)
  if (!target) {
    throw new PushError(
      'PUSH_URL_INVALID',
      'The push address must look like rtmp://<push domain>/<app>/<stream>?txSecret=…&txTime=….',
    )
  }
  options.signal?.throwIfAborted()
  const publisher = new RtmpPublisher(target, options)
  await publisher.start()
  return publisher
}

/** One stream being pushed over one RTMP connection. */
export class RtmpPublisher {
  /** Settles when the connection is over, with the reason as a sentence. Never rejects. */
  readonly closed: Promise<string>
  readonly #connection: RtmpConnection
  readonly #socket: Socket
  readonly #answers = new Map<number, (command: RtmpCommand) => void>()
  #settleClosed: (reason: string) => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  #ready: () => void = () => undefined
  #onStatus: (status: RtmpStatus) => void = () => undefined
  #transaction = 0
  #streamId = 0
  #lastStatus: RtmpStatus | undefined
  #closingReason: string | undefined
  #droppedTags = 0
  /** Bytes that the network had taken when that was last seen to change, and when that was. */
  #takenBytes = 0
  #takenAt = 0

  constructor(
    private readonly target: PushUrl,
    private readonly options: PublisherOptions,
  ) {
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve
    })
    this.#socket = connect({ host: target.host, port: target.port, noDelay: true })
    this.#connection = new RtmpConnection(this.#socket, {
      role: 'client',
      onReady: () => this.#ready(),
      onMessage: (message) => this.#receive(message),
      onClose: (error) => this.#ended(error),
    })
  }

  /** Tags that were not sent because the network was too slow. */
  get droppedTags(): number {
    return this.#droppedTags
  }

  /** Handshake, connect, createStream, publish. */
  start(): Promise<void> {
    const { clock, signal, timeoutMs } = this.options
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        cancelTimeout()
        signal?.removeEventListener('abort', abort)
        this.#fail = () => undefined
        settle()
      }
      this.#fail = (error) =>
        finish(() => {
          this.#connection.destroy()
          reject(error)
        })
      const abort = (): void => this.#fail(signal?.reason)
      const cancelTimeout = clock.schedule(
        () => this.#fail(timedOut(this.target, timeoutMs)),
        timeoutMs,
      )
      signal?.addEventListener('abort', abort, { once: true })
      this.#ready = () => {
        this.#negotiate().then(
          () => finish(resolve),
          (error: unknown) => this.#fail(error),
        )
      }
    })
  }

  /** Sends metadata: what players show before the first picture. */
  sendMetadata(metadata: Amf0Object): void {
    const payload = setMetadata(metadata)
    this.#connection.send(this.#media(ChunkStream.data, MessageType.dataAmf0, 0, payload))
  }

  /**
   * Sends tags in one go, or drops all of them while the network is too far behind. Drop only
   * what stands alone, such as key frames: see {@link sendHeader} for the rest.
   */
  send(tags: readonly FlvTag[]): boolean {
    this.#watch()
    if (this.#connection.queuedBytes > this.options.maxQueuedBytes) {
      this.#droppedTags += tags.length
      return false
    }
    this.#connection.send(...tags.map((tag) => this.#message(tag)))
    return true
  }

  /** Sends a tag that must not be lost, such as a sequence header. */
  sendHeader(tag: FlvTag): void {
    this.#connection.send(this.#message(tag))
  }

  /** Unpublishes and ends the connection. May be called more than once. */
  async close(reason = 'the publisher closed it'): Promise<void> {
    if (this.#closingReason === undefined) {
      this.#closingReason = reason
      const name = this.target.publishName
      this.#connection.send(
        this.#command('FCUnpublish', [null, name]),
        this.#command('deleteStream', [null, this.#streamId]),
      )
      this.#connection.end()
      const cancel = this.options.clock.schedule(() => this.#connection.destroy(), 1000)
      await this.closed
      cancel()
    }
    await this.closed
  }

  /** Looks at every tag whether the network still takes something; nothing else would tell. */
  #watch(): void {
    const { clock, idleTimeoutMs = 30_000 } = this.options
    const waiting = this.#connection.queuedBytes
    const taken = waiting === 0 ? this.#takenBytes : this.#socket.bytesWritten - waiting
    if (waiting === 0 || taken !== this.#takenBytes) {
      this.#takenBytes = taken
      this.#takenAt = clock.now()
    } else if (clock.now() - this.#takenAt >= idleTimeoutMs) {
      this.#connection.destroy(new Error(`the server has taken nothing for ${idleTimeoutMs} ms`))
    }
  }

  async #negotiate(): Promise<void> {
    this.#connection.setChunkSize(CHUNK_SIZE)
    await this.#call('connect', [
      {
        app: this.target.app,
        type: 'nonprivate',
        flashVer: 'FMLE/3.0 (compatible; ivh-kit)',
        tcUrl: this.target.tcUrl,
      },
    ])
    this.#connection.send(
      this.#command('releaseStream', [null, this.target.publishName]),
      this.#command('FCPublish', [null, this.target.publishName]),
    )
    const created = await this.#call('createStream', [null])
    const streamId = created.args[1]
    if (typeof streamId !== 'number') throw refused(this.target, readStatus(created))
    this.#streamId = streamId
    const accepted = new Promise<void>((resolve, reject) => {
      this.#onStatus = (status) => {
        if (status.code === 'NetStream.Publish.Start') resolve()
        else if (status.level === 'error') reject(refused(this.target, status))
      }
    })
    this.#connection.send(
      this.#command('publish', [null, this.target.publishName, 'live'], this.#streamId),
    )
    await accepted
  }

  #call(name: string, args: RtmpCommand['args']): Promise<RtmpCommand> {
    return new Promise((resolve, reject) => {
      const message = this.#command(name, args)
      this.#answers.set(this.#transaction, (answer) => {
        if (answer.name === '_result') resolve(answer)
        else reject(refused(this.target, readStatus(answer)))
      })
      this.#connection.send(message)
    })
  }

  #command(name: string, args: RtmpCommand['args'], streamId = 0): RtmpMessage {
    this.#transaction += 1
    return commandMessage({ name, transaction: this.#transaction, args }, streamId)
  }

  #receive(message: RtmpMessage): void {
    const command = readCommand(message)
    if (!command) return
    if (command.name === 'onStatus') {
      this.#lastStatus = readStatus(command)
      this.#onStatus(this.#lastStatus)
      return
    }
    const answer = this.#answers.get(command.transaction)
    this.#answers.delete(command.transaction)
    answer?.(command)
  }

  #message({ payload, timestamp, type }: FlvTag): RtmpMessage {
    const chunkStream =
      type === FlvTagType.video
        ? ChunkStream.video
        : type === FlvTagType.audio
          ? ChunkStream.audio
          : ChunkStream.data
    return this.#media(chunkStream, type, timestamp, asBuffer(payload))
  }

  #media(chunkStreamId: number, type: number, timestamp: number, payload: Buffer): RtmpMessage {
    return { chunkStreamId, streamId: this.#streamId, type, timestamp, payload }
  }

  #ended(error: Error | undefined): void {
    const { target } = this
    const status = this.#lastStatus
    this.#fail(status?.level === 'error' ? refused(target, status) : unreachable(target, error))
    this.#settleClosed(this.#closingReason ?? lossReason(target, status, error))
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
