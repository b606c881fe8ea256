import { randomUUID } from 'node:crypto'
import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import type { LiveStream } from '../stream/live-stream'
import { createOpusEncoder } from '../stream/opus-encoder'
import { type MediaPeer, openPeer } from './media-peer'
import { WebRtcViewer } from './webrtc-viewer'

export interface WebRtcSessionsOptions {
  readonly hosts: readonly string[]
  readonly maxSessions: number
  /** Maximum time between the SDP answer and the established connection, in milliseconds. */
  readonly connectTimeoutMs: number
  /** Time without packets after which a viewer is dropped, in milliseconds. */
  readonly silenceTimeoutMs: number
  readonly clock: Clock
  readonly logger: Logger
  /** Makes the connections. Default: werift. */
  readonly openPeer?: typeof openPeer
}

/** Interval of the check for packets from a viewer, in milliseconds. */
const checkIntervalMs = 1000

/** The origin has reached its limit of WebRTC viewers. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError'

  constructor() {
    super('the origin has too many WebRTC viewers: try again later')
  }
}

/** One viewer over WebRTC. */
export interface WebRtcSession {
  readonly id: string
  readonly stream: LiveStream
  readonly peer: MediaPeer
  close(reason: string): Promise<void>
}

/** The WebRTC viewers of an origin, from their offer until they leave. */
export class WebRtcSessions {
  readonly #options: WebRtcSessionsOptions
  readonly #sessions = new Map<string, WebRtcSession>()
  #opening = 0

  constructor(options: WebRtcSessionsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#sessions.size
  }

  find(id: string): WebRtcSession | undefined {
    return this.#sessions.get(id)
  }

  /**
   * Answers an offer.
   *
   * @throws NegotiationError when the offer cannot be answered.
   * @throws NoRoomError when the origin has too many viewers.
   */
  async open(stream: LiveStream, offer: string): Promise<WebRtcSession> {
    if (this.#sessions.size + this.#opening >= this.#options.maxSessions) throw new NoRoomError()
    const { clock, connectTimeoutMs, hosts, logger, silenceTimeoutMs } = this.#options
    let session: WebRtcSession | undefined
    let gone = false
    let leave = (): void => undefined
    let cancelTimeout = (): void => undefined
    this.#opening += 1
    try {
      const encoder = await createOpusEncoder()
      const peer = await (this.#options.openPeer ?? openPeer)(offer, {
        hosts,
        onConnected: () => {
          cancelTimeout()
          if (gone) return
          let received = peer.received()
          let heardAt = clock.now()
          const check = (): void => {
            const now = peer.received()
            if (now !== received) heardAt = clock.now()
            received = now
            if (clock.now() - heardAt >= silenceTimeoutMs) {
              void session?.close(`the viewer sent nothing for ${silenceTimeoutMs} ms`)
            } else cancelTimeout = clock.after(checkIntervalMs, check)
          }
          cancelTimeout = clock.after(checkIntervalMs, check)
          const silence = stream.soundtrack.listen(encoder, (packet) => viewer.hear(packet))
          const unsubscribe = stream.subscribe(viewer)
          leave = () => {
            silence()
            unsubscribe()
          }
          // The stream may have ended during the connection.
          if (gone) leave()
        },
        onGone: () => void session?.close('the viewer left'),
      })
      const viewer = new WebRtcViewer(peer, () => void session?.close('the stream ended'))
      const id = randomUUID()
      session = {
        id,
        stream,
        peer,
        close: async (reason) => {
          if (gone) return
          gone = true
          this.#sessions.delete(id)
          cancelTimeout()
          leave()
          logger.debug('WebRTC viewer gone', { app: stream.app, name: stream.name, reason })
          await peer.close()
        },
      }
      cancelTimeout = clock.after(
        connectTimeoutMs,
        () => void session?.close('the viewer did not connect before the timeout'),
      )
      this.#sessions.set(id, session)
      return session
    } finally {
      this.#opening -= 1
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#sessions.values()].map((session) => session.close('the origin is closing')),
    )
  }
}
