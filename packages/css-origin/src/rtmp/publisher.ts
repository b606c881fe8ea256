import { connect, type Socket } from 'node:net'
import { type Clock, monotonicClock, systemClock } from '@ivh-kit/kernel'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { Amf0Object } from './amf0'
import {
  commandMessage,
  type RtmpCommand,
  type RtmpStatus,
  readCommand,
  readStatus,
} from './command'
import { RtmpConnection } from './connection'
import { mediaMessage, type RtmpMessage } from './message'
import { setMetadata } from './metadata'
import { lossReason, PushError, refused, timedOut, unreachable } from './push-error'
import { type PushUrl, parsePushUrl } from './push-url'

/** Options of {@link openPublisher}. */
export interface PublisherOptions {
  /** `rtmp://host[:port]/app/stream?txSecret=…&txTime=…`. */
  readonly url: string
  /** Clock of the timeouts. Default: the system's. */
  readonly clock?: Clock | undefined
  /** Timeout for the server to accept the push. Default 10,000 ms. */
  readonly timeoutMs?: number | undefined
  /** Maximum number of queued bytes; above it, media is dropped. Default 512 KiB. */
  readonly maxQueuedBytes?: number | undefined
  /** Time without accepted bytes after which the push ends. Default 30,000 ms. */
  readonly idleTimeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Size of a chunk in bytes. Most pictures fit into one chunk. */
const chunkSize = 60_000

/**
 * Connects to a push address and publishes.
 *
 * @throws PushError when the address is malformed, the host is unreachable, or the server refuses.
 * @throws the signal's reason when it is aborted.
 */
export async function openPublisher(options: PublisherOptions): Promise<RtmpPublisher> {
  const target = parsePushUrl(options.url)
  if (!target) {
    throw new PushError(
      'PUSH_URL_INVALID',
      'The push address is malformed: it must look like ' +
        'rtmp://<push domain>/<app>/<stream>?txSecret=…&txTime=….',
    )
  }
  options.signal?.throwIfAborted()
  const publisher = new RtmpPublisher(target, options)
  await publisher.start(options)
  return publisher
}

/** Pushes one stream over one RTMP connection. */
export class RtmpPublisher {
  readonly #target: PushUrl
  readonly #clock: Clock
  readonly #maxQueuedBytes: number
  readonly #idleTimeoutMs: number
  /** Resolves when the connection ends, with the reason as a sentence. Never rejects. */
  readonly closed: Promise<string>
  readonly #connection: RtmpConnection
  readonly #socket: Socket
  readonly #pending = new Map<number, (command: RtmpCommand) => void>()
  #settleClosed: (reason: string) => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  #ready: () => void = () => undefined
  #onStatus: (status: RtmpStatus) => void = () => undefined
  #transaction = 0
  #streamId = 0
  #lastStatus: RtmpStatus | undefined
  #closingReason: string | undefined
  #droppedTags = 0
  /** Number of bytes that the network has accepted. `#takenAt` is the time of its last change. */
  #takenBytes = 0
  #takenAt = 0

  constructor(target: PushUrl, options: PublisherOptions) {
    const { clock = systemClock, idleTimeoutMs = 30_000, maxQueuedBytes = 512 * 1024 } = options
    this.#target = target
    this.#clock = monotonicClock(clock)
    this.#maxQueuedBytes = maxQueuedBytes
    this.#idleTimeoutMs = idleTimeoutMs
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

  /** Number of tags that were dropped because the network was too slow. */
  get droppedTags(): number {
    return this.#droppedTags
  }

  /** Performs the handshake, connect, createStream and publish. */
  start({ signal, timeoutMs = 10_000 }: PublisherOptions): Promise<void> {
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
      const cancelTimeout = this.#clock.after(timeoutMs, () =>
        this.#fail(timedOut(this.#target, timeoutMs)),
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

  /** Sends the stream's metadata. */
  sendMetadata(metadata: Amf0Object): void {
    const payload = setMetadata(metadata)
    const tag: FlvTag = { type: FlvTagType.script, timestamp: 0, payload }
    this.#connection.send(mediaMessage(tag, this.#streamId))
  }

  /**
   * Sends tags together. Drops all of them and returns false while too many bytes are queued, so use
   * {@link sendHeader} for tags that later ones depend on.
   */
  send(tags: readonly FlvTag[]): boolean {
    this.#checkProgress()
    if (this.#connection.queuedBytes > this.#maxQueuedBytes) {
      this.#droppedTags += tags.length
      return false
    }
    this.#connection.send(...tags.map((tag) => mediaMessage(tag, this.#streamId)))
    return true
  }

  /** Sends a tag that must not be dropped, such as a sequence header. */
  sendHeader(tag: FlvTag): void {
    this.#connection.send(mediaMessage(tag, this.#streamId))
  }

  /** Unpublishes and ends the connection. May be called more than once. */
  async close(reason = 'the publisher closed the push'): Promise<void> {
    if (this.#closingReason === undefined) {
      this.#closingReason = reason
      const name = this.#target.publishName
      this.#connection.send(
        this.#command('FCUnpublish', [null, name]),
        this.#command('deleteStream', [null, this.#streamId]),
      )
      this.#connection.end()
      const cancel = this.#clock.after(1000, () => this.#connection.destroy())
      await this.closed
      cancel()
    }
    await this.closed
  }

  /** Ends the push when the network has accepted no bytes for too long. Called with every tag. */
  #checkProgress(): void {
    const waiting = this.#connection.queuedBytes
    const taken = waiting === 0 ? this.#takenBytes : this.#socket.bytesWritten - waiting
    if (waiting === 0 || taken !== this.#takenBytes) {
      this.#takenBytes = taken
      this.#takenAt = this.#clock.now()
    } else if (this.#clock.now() - this.#takenAt >= this.#idleTimeoutMs) {
      this.#connection.destroy(
        new Error(`the server accepted no bytes for ${this.#idleTimeoutMs} ms`),
      )
    }
  }

  async #negotiate(): Promise<void> {
    this.#connection.setChunkSize(chunkSize)
    await this.#call('connect', [
      {
        app: this.#target.app,
        type: 'nonprivate',
        flashVer: 'FMLE/3.0 (compatible; ivh-kit)',
        tcUrl: this.#target.tcUrl,
      },
    ])
    this.#connection.send(
      this.#command('releaseStream', [null, this.#target.publishName]),
      this.#command('FCPublish', [null, this.#target.publishName]),
    )
    const created = await this.#call('createStream', [null])
    const streamId = created.args[1]
    if (typeof streamId !== 'number') throw refused(this.#target, readStatus(created))
    this.#streamId = streamId
    const accepted = new Promise<void>((resolve, reject) => {
      this.#onStatus = (status) => {
        if (status.code === 'NetStream.Publish.Start') resolve()
        else if (status.level === 'error') reject(refused(this.#target, status))
      }
    })
    this.#connection.send(
      this.#command('publish', [null, this.#target.publishName, 'live'], this.#streamId),
    )
    await accepted
  }

  #call(name: string, args: RtmpCommand['args']): Promise<RtmpCommand> {
    return new Promise((resolve, reject) => {
      const message = this.#command(name, args)
      this.#pending.set(this.#transaction, (response) => {
        if (response.name === '_result') resolve(response)
        else reject(refused(this.#target, readStatus(response)))
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
    const settle = this.#pending.get(command.transaction)
    this.#pending.delete(command.transaction)
    settle?.(command)
  }

  #ended(error: Error | undefined): void {
    const target = this.#target
    const status = this.#lastStatus
    this.#fail(status?.level === 'error' ? refused(target, status) : unreachable(target, error))
    this.#settleClosed(this.#closingReason ?? lossReason(target, status, error))
  }
}
