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
  /** A segment ends in any case when it has grown to this. */
  readonly maxSegmentBytes: number
  readonly onSegment: (segment: Segment) => void
  readonly onEnd: () => void
}

/** A segment ends in any case after so long without a key frame. */
const LONGEST_MS = 10_000
/** Key frames come a little early or late. */
const TOLERANCE_MS = 50
/** Time that goes back this far, or ahead by `LONGEST_MS`, is another time line. */
const BACKWARDS_MS = 1000

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
      if (this.#video) this.#interrupt()
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
    if (tag?.kind === 'config') this.#audio = tag.config
    else if (tag && this.#audio && tag.frame.length <= MAX_ADTS_PAYLOAD) {
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
    if (this.#open && (step < -BACKWARDS_MS || step > LONGEST_MS)) this.#interrupt()
    else if (step > 0) this.#lastGapMs = step
    this.#lastMs = timestamp
    const { maxSegmentBytes, targetMs } = this.options
    const open = this.#open
    if (!open) return
    const length = timestamp - open.startMs
    const due = mayCut && length >= targetMs - TOLERANCE_MS
    if (due || length >= LONGEST_MS || open.bytes >= maxSegmentBytes) this.#close(timestamp)
  }

  /** What follows does not continue what was. */
  #interrupt(): void {
    this.#close(this.#lastMs + this.#lastGapMs)
    this.#discontinuity = true
    this.#joined = false
  }

  #openAt(startMs: number): OpenSegment {
    if (this.#open) return this.#open
    this.#joined = true
    const tracks = { video: this.#video !== undefined, audio: this.#audio !== undefined }
    const tables = this.#muxer.tables(tracks)
    const { length: bytes } = tables
    const discontinuity = this.#discontinuity
    this.#discontinuity = false
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
