import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import { isAudioSequenceHeader, videoTraits } from '../flv/media-payload'
import { Soundtrack } from './soundtrack'
import { StreamTime } from './stream-time'
import type { Viewer } from './viewer'

/** Figures of a live stream. */
export interface StreamInfo {
  readonly app: string
  readonly name: string
  readonly publishedAt: Date
  readonly viewers: number
  readonly bytesIn: number
  readonly videoTags: number
  readonly audioTags: number
}

export interface LiveStreamOptions {
  readonly app: string
  readonly name: string
  readonly publishedAt: Date
  /** Maximum number of bytes in memory since the last key frame, so that viewers start at once. */
  readonly maxCachedBytes: number
}

/** Duration of sound without a picture after which a stream counts as audio only, in milliseconds. */
const audioOnlyAfterMs = 1000

/** Tags that every viewer gets first. */
type HeaderKind = 'metadata' | 'video' | 'audio'

interface Seat {
  readonly viewer: Viewer
  /** Stream time that becomes 0 for this viewer; undefined until its first tag. */
  base: number | undefined
}

/**
 * One stream from its publisher to its viewers. Every viewer gets the metadata and both sequence headers
 * first, then the media from a key frame on, with time from 0.
 */
export class LiveStream {
  readonly #options: LiveStreamOptions
  /** Sound for WebRTC viewers. */
  readonly soundtrack = new Soundtrack()
  readonly #time = new StreamTime()
  #ended = false
  readonly #seats = new Map<Viewer, Seat>()
  readonly #headers: { [kind in HeaderKind]?: FlvTag } = {}
  #sinceKeyFrame: FlvTag[] = []
  #cachedBytes = 0
  #cacheStartsAtKeyFrame = false
  #firstAudioAt: number | undefined
  #bytesIn = 0
  #videoTags = 0
  #audioTags = 0

  constructor(options: LiveStreamOptions) {
    this.#options = options
  }

  get app(): string {
    return this.#options.app
  }

  get name(): string {
    return this.#options.name
  }

  info(): StreamInfo {
    const { app, name, publishedAt } = this.#options
    return {
      app,
      name,
      publishedAt,
      viewers: this.#seats.size,
      bytesIn: this.#bytesIn,
      videoTags: this.#videoTags,
      audioTags: this.#audioTags,
    }
  }

  /** Takes the next tag from the publisher. */
  push(tag: FlvTag): void {
    this.#bytesIn += tag.payload.length
    if (tag.type === FlvTagType.script) this.#replaceHeader('metadata', tag)
    else if (tag.type === FlvTagType.video) this.#pushVideo(tag)
    else this.#pushAudio(tag)
  }

  /** Adds a viewer: at once when a key frame is cached, otherwise with the next one. */
  subscribe(viewer: Viewer): () => void {
    if (this.#ended) {
      viewer.end()
      return () => undefined
    }
    const seat: Seat = { viewer, base: undefined }
    this.#seats.set(viewer, seat)
    if (this.#cacheStartsAtKeyFrame) {
      this.#admit(seat, this.#sinceKeyFrame[0]?.timestamp ?? 0)
      for (const tag of this.#sinceKeyFrame) this.#deliver(seat, tag)
    }
    return () => this.#seats.delete(viewer)
  }

  /** Ends the stream of every viewer after the publisher has left. */
  end(): void {
    this.#ended = true
    const seats = [...this.#seats.values()]
    this.#seats.clear()
    for (const { viewer } of seats) viewer.end()
  }

  #pushVideo(tag: FlvTag): void {
    const traits = videoTraits(tag.payload)
    if (traits.sequenceHeader) {
      this.#replaceHeader('video', tag)
      return
    }
    this.#videoTags += 1
    const timestamp = this.#time.follow(tag.type, tag.timestamp)
    if (traits.keyFrame) {
      this.#clearCache()
      this.#cacheStartsAtKeyFrame = true
      for (const seat of this.#seats.values()) {
        if (seat.base === undefined) this.#admit(seat, timestamp)
      }
    }
    this.#forward(tag, timestamp)
  }

  #pushAudio(tag: FlvTag): void {
    if (isAudioSequenceHeader(tag.payload)) {
      this.#replaceHeader('audio', tag)
      return
    }
    this.#audioTags += 1
    const timestamp = this.#time.follow(tag.type, tag.timestamp)
    this.#firstAudioAt ??= timestamp
    if (!this.#headers.video && timestamp - this.#firstAudioAt >= audioOnlyAfterMs) {
      for (const seat of this.#seats.values()) {
        if (seat.base === undefined) this.#admit(seat, timestamp)
      }
    }
    this.#forward(tag, timestamp)
  }

  #forward(published: FlvTag, timestamp: number): void {
    const tag = { ...published, timestamp }
    this.#cache(tag)
    this.soundtrack.advance(published.timestamp, timestamp)
    for (const seat of this.#seats.values()) this.#deliver(seat, tag)
  }

  #replaceHeader(kind: HeaderKind, published: FlvTag): void {
    // Encoders repeat their headers; an unchanged header needs no action.
    const earlier = this.#headers[kind]
    if (earlier && Buffer.compare(earlier.payload, published.payload) === 0) return
    const tag = { ...published, timestamp: this.#time.near(published.timestamp) }
    this.#headers[kind] = tag
    // A new viewer cannot decode pictures of another configuration.
    if (kind === 'video') this.#clearCache()
    for (const seat of this.#seats.values()) this.#deliver(seat, tag)
  }

  #admit(seat: Seat, base: number): void {
    seat.base = base
    seat.viewer.begin({
      audio: this.#headers.audio !== undefined || this.#audioTags > 0,
      video: this.#headers.video !== undefined || this.#videoTags > 0,
      base,
    })
    const { audio, metadata, video } = this.#headers
    for (const header of [metadata, video, audio]) {
      if (header) this.#deliver(seat, { ...header, timestamp: base })
    }
  }

  #deliver({ base, viewer }: Seat, tag: FlvTag): void {
    if (base === undefined) return
    // Sound from before the first picture gets time 0.
    const timestamp = Math.max(0, tag.timestamp - base)
    viewer.send({ ...tag, timestamp })
  }

  #cache(tag: FlvTag): void {
    if (!this.#cacheStartsAtKeyFrame) return
    this.#cachedBytes += tag.payload.length
    if (this.#cachedBytes > this.#options.maxCachedBytes) this.#clearCache()
    else this.#sinceKeyFrame.push(tag)
  }

  #clearCache(): void {
    this.#sinceKeyFrame = []
    this.#cachedBytes = 0
    this.#cacheStartsAtKeyFrame = false
  }
}
