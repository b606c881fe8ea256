import type { Segment } from './segmenter'

/** A segment with its place in the stream. */
export interface ListedSegment extends Segment {
  readonly sequence: number
}

export interface PlaylistLimits {
  /** Segments in the playlist. */
  readonly segments: number
  /** Segments that are kept although the playlist names them no more, for slow viewers. */
  readonly spare: number
  /** Bytes of all kept segments; the oldest go first. */
  readonly maxBytes: number
}

/** The rolling list of segments of one live stream (RFC 8216, 6.2.2). */
export class Playlist {
  #kept: ListedSegment[] = []
  #next: number
  #bytes = 0
  #forgottenDiscontinuities = 0
  #longestSeconds = 1
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

  get nextSequence(): number {
    return this.#next
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes
  }

  add(segment: Segment): void {
    this.#kept.push({ ...segment, sequence: this.#next })
    this.#next += 1
    this.#bytes += segment.bytes.length
    // A target that has been announced may grow, but never shrink.
    this.#longestSeconds = Math.max(this.#longestSeconds, Math.round(segment.durationMs / 1000))
    const { maxBytes, segments, spare } = this.limits
    while (
      this.#kept.length > segments + spare ||
      (this.#bytes > maxBytes && this.#kept.length > 1)
    )
      this.#forget()
  }

  end(): void {
    this.#ended = true
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
      `#EXT-X-TARGETDURATION:${this.#longestSeconds}`,
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

function countDiscontinuities(segments: readonly Segment[]): number {
  return segments.filter(({ discontinuity }) => discontinuity).length
}
