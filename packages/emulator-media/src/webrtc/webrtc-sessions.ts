import { randomUUID } from 'node:crypto'
import type { MediaClock } from '../clock'
import type { MediaLogger } from '../logger'
import type { LiveStream } from '../origin/live-stream'
import { type MediaPeer, openPeer } from './media-peer'
import { NoRoomError } from './no-room-error'
import { createOpusEncoder } from './opus-encoder'
import { WebRtcViewer } from './webrtc-viewer'

export interface WebRtcSessionsOptions {
  readonly hosts: readonly string[]
  readonly maxSessions: number
  /** Time from the answer to the connection. */
  readonly connectTimeoutMs: number
  /** A viewer of whom nothing comes for this long is gone. */
  readonly silenceTimeoutMs: number
  readonly clock: MediaClock
  readonly logger: MediaLogger
  /** Makes the connections. Default: werift. */
  readonly openPeer?: typeof openPeer
}

/** How often it is looked whether something has come of a viewer. */
const LOOK_EVERY_MS = 1000

/** One viewer over WebRTC. */
export interface WebRtcSession {
  readonly id: string
  readonly stream: LiveStream
  readonly peer: MediaPeer
  close(reason: string): Promise<void>
}

/** The WebRTC viewers of an origin, from their offer until they leave or are lost. */
export class WebRtcSessions {
  readonly #sessions = new Map<string, WebRtcSession>()
  #opening = 0

  constructor(private readonly options: WebRtcSessionsOptions) {}

  get size(): number {
    return this.#sessions.size
  }

  find(id: string): WebRtcSession | undefined {
    return this.#sessions.get(id)
  }

  /** Answers an offer. @throws NegotiationError @throws NoRoomError */
  async open(stream: LiveStream, offer: string): Promise<WebRtcSession> {
    if (this.#sessions.size + this.#opening >= this.options.maxSessions) throw new NoRoomError()
    const { clock, connectTimeoutMs, hosts, logger, silenceTimeoutMs } = this.options
    let session: WebRtcSession | undefined
    let gone = false
    let leave = (): void => undefined
    let cancelTimeout = (): void => undefined
    this.#opening += 1
    try {
      const encoder = await createOpusEncoder()
      const peer = await (this.options.openPeer ?? openPeer)(offer, {
        hosts,
        onConnected: () => {
          cancelTimeout()
          if (gone) return
          let received = peer.received()
          let heardAt = clock.now()
          const look = (): void => {
            const now = peer.received()
            if (now !== received) heardAt = clock.now()
            received = now
            if (clock.now() - heardAt >= silenceTimeoutMs) {
              void session?.close(`nothing came from it for ${silenceTimeoutMs} ms`)
            } else cancelTimeout = clock.schedule(look, LOOK_EVERY_MS)
          }
          cancelTimeout = clock.schedule(look, LOOK_EVERY_MS)
          const silence = stream.soundtrack.listen(encoder, (packet) => viewer.hear(packet))
          const unsubscribe = stream.subscribe(viewer)
          leave = () => {
            silence()
            unsubscribe()
          }
          // The stream may have ended while the connection was made.
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
      cancelTimeout = clock.schedule(
        () => void session?.close('it did not connect in time'),
        connectTimeoutMs,
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
