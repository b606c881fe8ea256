import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Socket } from 'node:net'
import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import { rtmpVersion } from '../rtmp/handshake'
import { RtmpServerSession } from '../rtmp/server-session'
import type { StreamService } from '../stream/stream-service'
import type { OriginLimits } from './limits'
import { oneAtATime } from './one-at-a-time'
import { RequestDeadline } from './request-deadline'

export interface FrontDoorOptions {
  readonly rtmp: StreamService
  readonly http: RequestListener
  readonly clock: Clock
  readonly logger: Logger
  readonly limits: OriginLimits
}

/** The one TCP port of an origin: passes each connection to RTMP or HTTP, and closes all of them. */
export class FrontDoor {
  readonly #options: FrontDoorOptions
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<RtmpServerSession>()
  readonly #http
  readonly #tcp
  readonly #deadline: RequestDeadline

  constructor(options: FrontDoorOptions) {
    this.#options = options
    const { clock, limits } = options
    this.#deadline = new RequestDeadline(clock, limits.handshakeTimeoutMs)
    this.#http = this.#createHttp()
    this.#tcp = createServer((socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      socket.setNoDelay(true)
      this.#accept(socket)
    })
    this.#tcp.maxConnections = limits.maxConnections
  }

  /** Starts to listen and returns the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject)
      this.#tcp.listen(port, host, () => {
        this.#tcp.off('error', reject)
        const address = this.#tcp.address()
        resolve(typeof address === 'object' && address ? address.port : port)
      })
    })
  }

  /** Closes every connection and the server. */
  async close(reason: string): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#tcp.close(() => resolve()))
    for (const session of this.#sessions) session.close(reason)
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #createHttp() {
    const { http, logger } = this.#options
    const server = createHttpServer(
      oneAtATime((request, response) => {
        this.#deadline.begin(request, response)
        http(request, response)
      }),
    )
    // Disable Node's timeout of idle connections, because the request deadline replaces it.
    server.keepAliveTimeout = 0
    server.on('clientError', (error, socket) => {
      logger.warn('HTTP connection closed', { reason: error.message })
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    })
    return server
  }

  /** Detects the protocol by the first byte of a connection: 3, the version, for RTMP; a letter for HTTP. */
  #accept(socket: Socket): void {
    const { clock, limits } = this.#options
    const cancel = clock.after(limits.handshakeTimeoutMs, () => socket.destroy())
    const ignoreError = (): void => undefined
    socket.on('error', ignoreError)
    socket.once('close', cancel)
    socket.once('data', (bytes: Buffer) => {
      cancel()
      socket.off('close', cancel)
      socket.pause()
      socket.unshift(bytes)
      if (bytes[0] === rtmpVersion) this.#acceptRtmp(socket)
      else this.#acceptHttp(socket)
      socket.resume()
    })
  }

  #acceptHttp(socket: Socket): void {
    this.#deadline.start(socket)
    this.#http.emit('connection', socket)
  }

  #acceptRtmp(socket: Socket): void {
    const { clock, limits, logger, rtmp } = this.#options
    const session = new RtmpServerSession({
      socket,
      service: rtmp,
      clock,
      logger,
      chunkLimits: limits,
      handshakeTimeoutMs: limits.handshakeTimeoutMs,
      idleTimeoutMs: limits.idleTimeoutMs,
      maxViewerQueueBytes: limits.maxViewerQueueBytes,
    })
    this.#sessions.add(session)
    socket.once('close', () => this.#sessions.delete(session))
  }
}
