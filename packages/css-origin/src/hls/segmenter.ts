import { type AacConfig, adtsFrame, readAacTag } from '../flv/aac'
import { type AvcConfig, decodableUnits, readAvcConfig, readAvcTag } from '../flv/avc'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import { codecName } from '../flv/media-payload'
import type { Viewer } from '../stream/viewer'
import { TsMuxer, type TsTracks } from './ts-muxer'

/** A finished segment of the stream. */
export interface Segment {
  readonly durationMs: number
  /** True when time or decoder configuration do not continue the previous segment. */
  readonly discontinuity: boolean
  readonly bytes: Buffer
}

export interface SegmenterOptions {
  /** A segment ends at the first key frame after this time. */
  readonly targetMs: number
  /** Returns the maximum duration of the open segment, in milliseconds. */
  readonly longestMs: () => number
  /** A segment of this size ends without a key frame. */
  readonly maxSegmentBytes: number
  readonly onSegment: (segment: Segment) => void
  readonly onEnd: (lost: boolean) => void
}

/** Tolerance for key frames that come a little early, in milliseconds. */
const toleranceMs = 50
/** Distance from the maximum duration at which a segment without a key frame ends, in milliseconds. */
const marginMs = 200

const nothing = Buffer.alloc(0)

interface OpenSegment {
  readonly startMs: number
  readonly discontinuity: boolean
  readonly tracks: TsTracks
  readonly parts: Buffer[]
  bytes: number
}

/** A viewer that cuts the stream into transport stream segments with H.264 and AAC. */
export class Segmenter implements Viewer {
  readonly keepsPace = true
  readonly #options: SegmenterOptions
  readonly #muxer = new TsMuxer()
  #video: AvcConfig | undefined
  #audio: AacConfig | undefined
  /** Payload of the current header. Encoders repeat their headers, and a repeated header changes nothing. */
  #videoHeader: Uint8Array = nothing
  #audioHeader: Uint8Array = nothing
  #tracks: TsTracks | undefined
  #open: OpenSegment | undefined
  #discontinuity = false
  /** True after a key frame: the following media can be decoded. */
  #joined = false
  #lastMs = 0
  #lastGapMs = 0

  constructor(options: SegmenterOptions) {
    this.#options = options
  }

  begin(): void {
    // Ignore the announcement: the sequence headers that follow describe the stream.
  }

  send(tag: FlvTag): void {
    if (tag.type === FlvTagType.video) this.#takeVideo(tag)
    else if (tag.type === FlvTagType.audio) this.#takeAudio(tag)
  }

  end(lost: boolean): void {
    this.#close(this.#lastMs + this.#lastGapMs)
    this.#options.onEnd(lost)
  }

  #takeVideo({ payload, timestamp }: FlvTag): void {
    if (this.#video && codecName('video', payload) !== 'H.264') {
      this.#interrupt()
      this.#video = undefined
      this.#videoHeader = nothing
    }
    const tag = readAvcTag(payload)
    if (tag?.kind === 'config') {
      if (Buffer.compare(payload, this.#videoHeader) === 0) return
      this.#videoHeader = payload
      if (this.#video || this.#open) {
        this.#interrupt()
        this.#joined = false
      }
      this.#video = readAvcConfig(tag.record)
    } else if (tag && this.#video) {
      this.#follow(timestamp, tag.keyFrame)
      if (!this.#joined && !tag.keyFrame) return
      const open = this.#openAt(timestamp)
      if (!open.tracks.video) return
      const { keyFrame } = tag
      const units = decodableUnits(tag, this.#video)
      const presentAt = timestamp + tag.compositionMs
      this.#add(open, this.#muxer.picture({ decodeAt: timestamp, presentAt, keyFrame, units }))
    }
  }

  #takeAudio({ payload, timestamp }: FlvTag): void {
    if (this.#audio && codecName('audio', payload) !== 'AAC') {
      this.#interrupt()
      this.#audio = undefined
      this.#audioHeader = nothing
    }
    const tag = readAacTag(payload)
    if (tag?.kind === 'config') {
      if (Buffer.compare(payload, this.#audioHeader) === 0) return
      this.#audioHeader = payload
      if (this.#audio) this.#interrupt()
      this.#audio = tag.config
    } else if (tag && this.#audio) {
      const frame = adtsFrame(tag.frame, this.#audio)
      if (!frame) return
      this.#follow(timestamp, this.#video === undefined)
      if (!this.#joined && this.#video) return
      const open = this.#openAt(timestamp)
      // The tables list the tracks of a segment, so sound that starts in its middle waits for the next.
      if (!open.tracks.audio) return
      this.#add(open, this.#muxer.sound(frame, timestamp, !open.tracks.video))
    }
  }

  /** Ends the open segment when it is long enough. */
  #follow(timestamp: number, mayCut: boolean): void {
    const step = timestamp - this.#lastMs
    const open = this.#open
    if (open) {
      const { longestMs, maxSegmentBytes, targetMs } = this.#options
      const length = timestamp - open.startMs
      // The time jumped past the end of the segment.
      if (length > longestMs()) this.#interrupt()
      else {
        if (step > 0) this.#lastGapMs = step
        const due = mayCut && length >= targetMs - toleranceMs
        const last = length + Math.max(this.#lastGapMs, marginMs) > longestMs()
        if (due || last || open.bytes >= maxSegmentBytes) this.#close(timestamp)
      }
    }
    this.#lastMs = timestamp
  }

  /** Ends the segment before media that does not continue it. */
  #interrupt(): void {
    this.#close(this.#lastMs + this.#lastGapMs)
    this.#discontinuity = true
  }

  #openAt(startMs: number): OpenSegment {
    if (this.#open) return this.#open
    this.#joined = true
    const tracks = { video: this.#video !== undefined, audio: this.#audio !== undefined }
    const tables = this.#muxer.tables(tracks)
    const { length: bytes } = tables
    // Players read the tracks from the first tables, and again at a discontinuity.
    const before = this.#tracks ?? tracks
    const others = tracks.video !== before.video || tracks.audio !== before.audio
    const discontinuity = this.#discontinuity || others
    this.#discontinuity = false
    this.#tracks = tracks
    this.#open = { startMs, discontinuity, tracks, parts: [tables], bytes }
    return this.#open
  }

  #add(open: OpenSegment, packets: Buffer): void {
    open.parts.push(packets)
    open.bytes += packets.length
  }

  #close(endMs: number): void {
    const open = this.#open
    if (!open) return
    this.#open = undefined
    const { discontinuity, parts, startMs } = open
    const durationMs = Math.max(1, endMs - startMs)
    this.#options.onSegment({ durationMs, discontinuity, bytes: Buffer.concat(parts) })
  }
}
