import type { Segment } from './segmenter'

/** A segment with its number in the stream. */
export interface ListedSegment extends Segment {
  readonly sequence: number
}

export interface PlaylistLimits {
  /** Target length of segments, in milliseconds; segments end at key frames. */
  readonly segmentMs: number
  /** Number of segments in the playlist. */
  readonly segments: number
  /** Number of segments that stay in memory for slow viewers after the playlist has dropped them. */
  readonly spare: number
  /** Maximum number of bytes of all segments in memory; the oldest are dropped first. */
  readonly maxBytes: number
}

/** Maximum target duration, in seconds. */
const longestSeconds = 10
/** Maximum time by which a segment may exceed the target, in milliseconds: durations are rounded. */
const roundedMs = 499
/** Jitter of segment lengths, in milliseconds: key frames come a little early or late. */
const jitterMs = 200

/** The rolling list of segments of one live stream (RFC 8216, 6.2.2). */
export class Playlist {
  readonly #limits: PlaylistLimits
  #kept: ListedSegment[] = []
  #next: number
  #bytes = 0
  #forgottenDiscontinuities = 0
  /** Target duration in seconds. The first segment sets it; it must not change later (RFC 8216, 6.2.1). */
  #targetSeconds: number | undefined
  #interrupted = false
  #ended = false
  #closed = false

  constructor(firstSequence: number, limits: PlaylistLimits) {
    this.#limits = limits
    this.#next = firstSequence
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** True when a viewer has got the end of the list, which must not be taken back (RFC 8216, 6.2.1). */
  get isClosed(): boolean {
    return this.#closed
  }

  /** Number of the next segment. */
  get next(): number {
    return this.#next
  }

  /** Maximum duration of the next segment, in milliseconds. */
  get longestMs(): number {
    return (this.#targetSeconds ?? longestSeconds) * 1000 + roundedMs
  }

  /** Number of bytes in memory. */
  get bytes(): number {
    return this.#bytes
  }

  add(segment: Segment): void {
    const { maxBytes, segmentMs, segments, spare } = this.#limits
    const discontinuity = segment.discontinuity || this.#interrupted
    this.#interrupted = false
    this.#kept.push({ ...segment, discontinuity, sequence: this.#next })
    this.#next += 1
    this.#bytes += segment.bytes.length
    this.#targetSeconds ??= targetFor(Math.max(segment.durationMs, segmentMs))
    while (
      this.#kept.length > segments + spare ||
      (this.#bytes > maxBytes && this.#kept.length > 1)
    ) {
      this.#forget()
    }
  }

  end(): void {
    this.#ended = true
  }

  /** Continues the list with another stream, or with the same stream after a pause. */
  resume(): void {
    this.#ended = false
    this.#interrupted = this.#targetSeconds !== undefined
  }

  /** Frees the memory of all segments. */
  clear(): void {
    while (this.#kept.length > 0) this.#forget()
  }

  segment(sequence: number): Buffer | undefined {
    return this.#kept.find((segment) => segment.sequence === sequence)?.bytes
  }

  /** Returns the playlist as text; `uri` returns the address of a segment. */
  render(uri: (sequence: number) => string): string {
    const listed = this.#kept.slice(-this.#limits.segments)
    const unlisted = this.#kept.slice(0, this.#kept.length - listed.length)
    const passed = this.#forgottenDiscontinuities + countDiscontinuities(unlisted)
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${this.#targetSeconds ?? longestSeconds}`,
      `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? this.#next}`,
      ...(passed > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${passed}`] : []),
    ]
    for (const { discontinuity, durationMs, sequence } of listed) {
      if (discontinuity) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(`#EXTINF:${(durationMs / 1000).toFixed(3)},`, uri(sequence))
    }
    if (this.#ended) lines.push('#EXT-X-ENDLIST')
    this.#closed = this.#ended
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
  return Math.min(Math.max(Math.ceil((durationMs - jitterMs) / 1000), 1), longestSeconds)
}

function countDiscontinuities(segments: readonly Segment[]): number {
  return segments.filter(({ discontinuity }) => discontinuity).length
}
