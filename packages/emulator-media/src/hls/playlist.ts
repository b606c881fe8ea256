import type { Segment } from './segmenter'

/** A segment with its place in the stream. */
export interface ListedSegment extends Segment {
  readonly sequence: number
}

export interface PlaylistLimits {
  /** How long segments are meant to be; key frames decide in the end. */
  readonly segmentMs: number
  /** Segments in the playlist. */
  readonly segments: number
  /** Segments that are kept although the playlist names them no more, for slow viewers. */
  readonly spare: number
  /** Bytes of all kept segments; the oldest go first. */
  readonly maxBytes: number
}

/** No target is longer than this. */
const LONGEST_SECONDS = 10
/** A segment may be longer than the target by less than half a second, as it is rounded. */
const ROUNDED_MS = 499
/** By how much the segments of one stream differ, as key frames come a little early or late. */
const JITTER_MS = 200

/** The rolling list of segments of one live stream (RFC 8216, 6.2.2). */
export class Playlist {
  #kept: ListedSegment[] = []
  #next: number
  #bytes = 0
  #forgottenDiscontinuities = 0
  /** Told to players with the first segment, and must not change (RFC 8216, 6.2.1). */
  #targetSeconds: number | undefined
  #interrupted = false
  #ended = false

  constructor(
    firstSequence: number,
    private readonly limits: PlaylistLimits,
  ) {
    this.#next = firstSequence
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** The longest that the next segment may be. */
  get longestMs(): number {
    return (this.#targetSeconds ?? LONGEST_SECONDS) * 1000 + ROUNDED_MS
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes
  }

  add(segment: Segment): void {
    const { maxBytes, segmentMs, segments, spare } = this.limits
    const discontinuity = segment.discontinuity || this.#interrupted
    this.#interrupted = false
    this.#kept.push({ ...segment, discontinuity, sequence: this.#next })
    this.#next += 1
    this.#bytes += segment.bytes.length
    this.#targetSeconds ??= targetFor(Math.max(segment.durationMs, segmentMs))
    while (
      this.#kept.length > segments + spare ||
      (this.#bytes > maxBytes && this.#kept.length > 1)
    )
      this.#forget()
  }

  end(): void {
    this.#ended = true
  }

  /** Another stream, or the same after a while, goes on with this list: its numbers, its target. */
  goOn(): void {
    this.#ended = false
    this.#interrupted = this.#targetSeconds !== undefined
  }

  /** Gives the memory of all segments back. */
  clear(): void {
    while (this.#kept.length > 0) this.#forget()
  }

  segment(sequence: number): Buffer | undefined {
    return this.#kept.find((segment) => segment.sequence === sequence)?.bytes
  }

  /** The playlist's text; `uri` names a segment. */
  render(uri: (sequence: number) => string): string {
    const listed = this.#kept.slice(-this.limits.segments)
    const unlisted = this.#kept.slice(0, this.#kept.length - listed.length)
    const passed = this.#forgottenDiscontinuities + countDiscontinuities(unlisted)
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${this.#targetSeconds ?? LONGEST_SECONDS}`,
      `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? this.#next}`,
      ...(passed > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${passed}`] : []),
    ]
    for (const { discontinuity, durationMs, sequence } of listed) {
      if (discontinuity) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(`#EXTINF:${(durationMs / 1000).toFixed(3)},`, uri(sequence))
    }
    if (this.#ended) lines.push('#EXT-X-ENDLIST')
    return `${lines.join('\n')}\n`
  }

  #forget(): void {
    const oldest = this.#kept.shift()
    if (!oldest) return
    this.#bytes -= oldest.bytes.length
    this.#forgottenDiscontinuities += countDiscontinuities([oldest])
  }
}

function targetFor(durationMs: number): number {
  return Math.min(Math.max(Math.ceil((durationMs - JITTER_MS) / 1000), 1), LONGEST_SECONDS)
}

function countDiscontinuities(segments: readonly Segment[]): number {
  return segments.filter(({ discontinuity }) => discontinuity).length
}
