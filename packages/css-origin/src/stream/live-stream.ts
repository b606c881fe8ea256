import { readAacTag } from '../flv/aac'
import { type FlvTag, FlvTagType, type FlvTagTypeId } from '../flv/flv-tag'
import { codecName, isAudioSequenceHeader, videoTraits } from '../flv/media-payload'
import { fastMotion } from './fast-motion'
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
  /** Receives a track that HLS and most players cannot play. The other track is not affected. */
  readonly onUnplayable?: (track: 'audio' | 'video', codec: string) => void
}

/** Duration of sound without a picture after which a stream counts as audio only, in milliseconds. */
const audioOnlyAfterMs = 1000
/** The same for a stream that has announced or sent pictures. */
const pictureOverdueMs = 5000
/** Names of the codecs that every player can play. */
const playable: readonly string[] = ['AAC', 'MP3', 'H.264']
/** Names of further codecs that some browsers can play from FLV. */
const inSomeBrowsers: readonly string[] = [
  ...['HEVC', 'hvc1', 'avc1', 'av01', 'vp09'],
  ...['mp4a', '.mp3', 'Opus', 'fLaC', 'ac-3', 'ec-3'],
]

/** Tags that every viewer gets first. */
type HeaderKind = 'metadata' | 'video' | 'audio'

interface Seat {
  readonly viewer: Viewer
  /** Stream time that becomes 0 for this viewer; undefined until its first tag. */
  base: number | undefined
  /** False until the first key frame, for a viewer that started with sound. */
  pictures: boolean
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
  readonly #codecs: {
    [track in 'audio' | 'video']?: { readonly name: string; readonly isPlayable: boolean }
  } = {}
  /** Time of the last picture; at first of the first sound. */
  #pictureAt: number | undefined
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
      viewer.end(false)
      return () => undefined
    }
    const seat: Seat = { viewer, base: undefined, pictures: false }
    this.#seats.set(viewer, seat)
    if (this.#cacheStartsAtKeyFrame && !this.#picturesOverdue) {
      const cached = viewer.keepsPace ? this.#sinceKeyFrame : fastMotion(this.#sinceKeyFrame)
      this.#admit(seat, cached[0]?.timestamp ?? 0, true)
      for (const tag of cached) this.#deliver(seat, tag)
    }
    return () => this.#seats.delete(viewer)
  }

  /** Ends the stream of every viewer after the publisher has left; `lost` when it did not unpublish. */
  end(lost = false): void {
    this.#ended = true
    const seats = [...this.#seats.values()]
    this.#seats.clear()
    for (const { viewer } of seats) viewer.end(lost)
  }

  #pushVideo(tag: FlvTag): void {
    this.#noteCodec('video', tag.payload)
    const traits = videoTraits(tag.payload)
    if (traits.sequenceHeader) {
      this.#replaceHeader('video', tag)
      return
    }
    this.#videoTags += 1
    const timestamp = this.#time.follow(tag.type, tag.timestamp)
    this.#pictureAt = timestamp
    if (traits.keyFrame) {
      this.#clearCache()
      this.#cacheStartsAtKeyFrame = true
      for (const seat of this.#seats.values()) {
        if (seat.base === undefined) this.#admit(seat, timestamp, true)
        else if (!seat.pictures) {
          seat.pictures = true
          const { video } = this.#headers
          if (video) this.#deliver(seat, { ...video, timestamp })
        }
      }
    }
    this.#forward(tag, timestamp)
  }

  #pushAudio(tag: FlvTag): void {
    this.#noteCodec('audio', tag.payload)
    this.soundtrack.open()
    if (isAudioSequenceHeader(tag.payload)) {
      this.#replaceHeader('audio', tag)
      return
    }
    this.#audioTags += 1
    const timestamp = this.#time.follow(tag.type, tag.timestamp)
    this.#pictureAt ??= timestamp
    if (this.#picturesOverdue) {
      for (const seat of this.#seats.values()) {
        if (seat.base === undefined) this.#admit(seat, timestamp, false)
      }
    }
    this.#forward(tag, timestamp)
  }

  /** True when sound has continued for so long without a picture that viewers start without pictures. */
  get #picturesOverdue(): boolean {
    const { newest } = this.#time
    if (newest === undefined || this.#pictureAt === undefined) return false
    const promised = this.#headers.video !== undefined || this.#videoTags > 0
    return newest - this.#pictureAt >= (promised ? pictureOverdueMs : audioOnlyAfterMs)
  }

  /** True unless the viewer leaves out a track that it cannot play. */
  #reaches({ onlyPlayable = false }: Viewer, type: FlvTagTypeId): boolean {
    if (!onlyPlayable || type === FlvTagType.script) return true
    return this.#codecs[type === FlvTagType.audio ? 'audio' : 'video']?.isPlayable !== false
  }

  /** Reports a track that cannot be played, and forgets the configuration of another codec. */
  #noteCodec(track: 'audio' | 'video', payload: Uint8Array): void {
    const name = codecName(track, payload)
    const known = this.#codecs[track]
    const aac = track === 'audio' ? readAacTag(payload) : undefined
    const unusual = aac?.kind === 'config' && (!aac.config || aac.config.program)
    // Only a configuration shows how usual the sound is; the frames after it keep the finding.
    if (name === known?.name && aac?.kind !== 'config') return
    if (known && name !== known.name) {
      delete this.#headers[track]
      this.#dropCached(track)
    }
    const isPlayable = playable.includes(name) && !unusual
    this.#codecs[track] = { name, isPlayable: isPlayable || inSomeBrowsers.includes(name) }
    if (isPlayable || (known?.name === name && !known.isPlayable)) return
    this.#options.onUnplayable?.(track, unusual ? `${name} with unusual channels` : name)
  }

  #forward(published: FlvTag, timestamp: number): void {
    const tag = { ...published, timestamp }
    this.#cache(tag)
    // The kind that lags does not move the time of the sound, which would go back.
    if (timestamp === this.#time.newest) this.soundtrack.advance(published.timestamp, timestamp)
    for (const seat of this.#seats.values()) this.#deliver(seat, tag)
  }

  /** Drops cached media that a new configuration does not fit. */
  #dropCached(track: 'audio' | 'video'): void {
    if (track === 'video') this.#clearCache()
    else this.#sinceKeyFrame = this.#sinceKeyFrame.filter(({ type }) => type !== FlvTagType.audio)
  }

  #replaceHeader(kind: HeaderKind, published: FlvTag): void {
    // Encoders repeat their headers; an unchanged header needs no action.
    const earlier = this.#headers[kind]
    if (earlier && Buffer.compare(earlier.payload, published.payload) === 0) return
    const tag = { ...published, timestamp: this.#time.near(published.timestamp, published.type) }
    this.#headers[kind] = tag
    if (kind !== 'metadata') this.#dropCached(kind)
    for (const seat of this.#seats.values()) this.#deliver(seat, tag)
  }

  #admit(seat: Seat, base: number, pictures: boolean): void {
    seat.base = base
    seat.pictures = pictures
    const { viewer } = seat
    const hasAudio = this.#headers.audio !== undefined || this.#audioTags > 0
    viewer.begin({
      audio: hasAudio && this.#reaches(viewer, FlvTagType.audio),
      video: pictures && this.#reaches(viewer, FlvTagType.video),
      base,
    })
    const { audio, metadata, video } = this.#headers
    for (const header of [metadata, video, audio]) {
      if (header) this.#deliver(seat, { ...header, timestamp: base })
    }
  }

  #deliver({ base, pictures, viewer }: Seat, tag: FlvTag): void {
    if (base === undefined || (tag.type === FlvTagType.video && !pictures)) return
    if (!this.#reaches(viewer, tag.type)) return
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
