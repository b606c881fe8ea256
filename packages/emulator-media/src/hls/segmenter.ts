import { type AacConfig, adtsFrame, MAX_ADTS_PAYLOAD, readAacTag } from '../flv/aac'
import { type AvcConfig, decodableUnits, readAvcConfig, readAvcTag } from '../flv/avc'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { Viewer } from '../flv/viewer'
import { TsMuxer, type TsTracks } from './ts-muxer'

/** A finished piece of the stream. */
export interface Segment {
  readonly durationMs: number
  /** The time or the decoder configuration does not follow from the segment before. */
  readonly discontinuity: boolean
  readonly bytes: Buffer
}

export interface SegmenterOptions {
  /** A segment ends with the first key frame after this long. */
  readonly targetMs: number
  /** No segment may be longer, with or without a key frame; asked for every time. */
  readonly longestMs: () => number
  /** A segment ends in any case when it has grown to this. */
  readonly maxSegmentBytes: number
  readonly onSegment: (segment: Segment) => void
  readonly onEnd: () => void
}

/** Key frames come a little early or late. */
const TOLERANCE_MS = 50
/** A segment without a key frame ends so long before it would be too long. */
const MARGIN_MS = 200

const NOTHING = Buffer.alloc(0)

interface OpenSegment {
  readonly startMs: number
  readonly discontinuity: boolean
  readonly tracks: TsTracks
  readonly parts: Buffer[]
  bytes: number
}

/** A viewer that cuts what it sees into transport stream segments: H.264 and AAC. */
export class Segmenter implements Viewer {
  readonly #muxer = new TsMuxer()
  #video: AvcConfig | undefined
  #audio: AacConfig | undefined
  /** The payloads that told them; encoders repeat their headers. */
  #videoHeader: Uint8Array = NOTHING
  #audioHeader: Uint8Array = NOTHING
  #tracks: TsTracks | undefined
  #open: OpenSegment | undefined
  #discontinuity = false
  /** A key frame has come, so that all that follows can be decoded. */
  #joined = false
  #lastMs = 0
  #lastGapMs = 0

  constructor(private readonly options: SegmenterOptions) {}

  begin(): void {
    // The sequence headers that follow say what there is.
  }

  send(tag: FlvTag): void {
    if (tag.type === FlvTagType.video) this.#takeVideo(tag)
    else if (tag.type === FlvTagType.audio) this.#takeAudio(tag)
  }

  end(): void {
    this.#close(this.#lastMs + this.#lastGapMs)
    this.options.onEnd()
  }

  #takeVideo({ payload, timestamp }: FlvTag): void {
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
    const tag = readAacTag(payload)
    if (tag?.kind === 'config') {
      if (Buffer.compare(payload, this.#audioHeader) === 0) return
      this.#audioHeader = payload
      if (this.#audio) this.#interrupt()
      this.#audio = tag.config
    } else if (tag && this.#audio && tag.frame.length <= MAX_ADTS_PAYLOAD) {
      this.#follow(timestamp, this.#video === undefined)
      if (!this.#joined && this.#video) return
      const open = this.#openAt(timestamp)
      // Tables name the tracks of a segment: sound that begins in its middle waits for the next.
      if (!open.tracks.audio) return
      const frame = adtsFrame(tag.frame, this.#audio)
      this.#add(open, this.#muxer.sound(frame, timestamp, !open.tracks.video))
    }
  }

  /** Ends the open segment when its time has come. */
  #follow(timestamp: number, mayCut: boolean): void {
    const step = timestamp - this.#lastMs
    const open = this.#open
    if (open) {
      const { longestMs, maxSegmentBytes, targetMs } = this.options
      const length = timestamp - open.startMs
      // Time has leapt over the end that the segment was to have.
      if (length > longestMs()) this.#interrupt()
      else {
        if (step > 0) this.#lastGapMs = step
        const due = mayCut && length >= targetMs - TOLERANCE_MS
        const last = length + Math.max(this.#lastGapMs, MARGIN_MS) > longestMs()
        if (due || last || open.bytes >= maxSegmentBytes) this.#close(timestamp)
      }
    }
    this.#lastMs = timestamp
  }

  /** What follows does not continue what was. */
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
    // Players take the tracks from the first tables, and look again at a discontinuity.
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
    this.options.onSegment({ durationMs, discontinuity, bytes: Buffer.concat(parts) })
  }
}
