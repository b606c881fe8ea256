import type { Clock } from '@ivh-kit/kernel'
import type { LiveStream } from '../stream/live-stream'
import { Playlist } from './playlist'
import { Segmenter } from './segmenter'

export interface HlsPackagerOptions {
  readonly clock: Clock
  /** Target length of a segment, in milliseconds; the segment ends at the next key frame. */
  readonly segmentMs: number
  /** Maximum number of bytes in memory per stream. */
  readonly maxBytes: number
  /** Time without requests after which the packaging of a stream stops, in milliseconds. */
  readonly idleMs: number
  /** Timeout of a request for a playlist, in milliseconds. */
  readonly timeoutMs: number
}

/** A live or ended stream as HLS. */
interface Packaged {
  readonly stream: LiveStream
  readonly playlist: Playlist
  /** Resolves when the playlist has a segment, or will never have one. */
  readonly ready: Promise<void>
  readonly stop: () => void
  touched: number
}

/** Time for a lost publisher to return before its list ends, in milliseconds. */
const returnMs = 15_000

const listed = 6
const spare = 3

/**
 * Packages streams as HLS on demand: from the first request until some time without requests. The end of a
 * stream stays readable for the same time. A list whose publisher was lost ends only when it stays away.
 */
export class HlsPackager {
  readonly #options: HlsPackagerOptions
  readonly #packaged = new Map<string, Packaged>()
  /** Playlists of live streams that are not packaged now. */
  readonly #resting = new WeakMap<LiveStream, Playlist>()

  constructor(options: HlsPackagerOptions) {
    this.#options = options
  }

  /** Starts packaging a stream, unless it is already packaged. */
  open(stream: LiveStream): void {
    const key = keyOf(stream)
    const known = this.#packaged.get(key)
    if (known?.stream === stream) return
    known?.stop()
    const { maxBytes, segmentMs } = this.#options
    // The first segment number must be larger than all numbers of an earlier stream with this name: caches
    // identify segments by number.
    const first = Math.floor(stream.info().publishedAt.getTime() / 1000)
    const earlier = known?.playlist ?? this.#resting.get(stream)
    const playlist =
      earlier && !earlier.isClosed
        ? earlier
        : new Playlist(Math.max(first, earlier?.next ?? 0), {
            ...{ segmentMs, segments: listed, spare, maxBytes },
          })
    playlist.resume()
    this.#packaged.set(key, this.#package(stream, playlist))
  }

  /** Returns the playlist of a live or ended stream as soon as it has a segment. */
  async playlist(app: string, name: string): Promise<Playlist | undefined> {
    const packaged = this.#find(app, name)
    if (!packaged) return undefined
    await this.#waitFor(packaged.ready)
    return packaged.playlist.isEmpty ? undefined : packaged.playlist
  }

  segment(app: string, name: string, sequence: number): Buffer | undefined {
    return this.#find(app, name)?.playlist.segment(sequence)
  }

  close(): void {
    for (const { stop } of this.#packaged.values()) stop()
    this.#packaged.clear()
  }

  #find(app: string, name: string): Packaged | undefined {
    const packaged = this.#packaged.get(`${app}/${name}`)
    if (packaged) packaged.touched = this.#options.clock.now()
    return packaged
  }

  #package(stream: LiveStream, playlist: Playlist): Packaged {
    const { clock, maxBytes, segmentMs } = this.#options
    let settle = (): void => undefined
    const ready = new Promise<void>((resolve) => {
      settle = resolve
    })
    if (!playlist.isEmpty) settle()
    const segmenter = new Segmenter({
      targetMs: segmentMs,
      longestMs: () => playlist.longestMs,
      maxSegmentBytes: Math.floor(maxBytes / (listed + spare)),
      onSegment: (segment) => {
        playlist.add(segment)
        settle()
      },
      onEnd: (lost) => {
        if (lost) cancelEnd = clock.after(returnMs, () => playlist.end())
        else playlist.end()
        settle()
      },
    })
    let cancelEnd = (): void => undefined
    const leave = stream.subscribe(segmenter)
    let cancel = (): void => undefined
    const stop = (): void => {
      cancel()
      cancelEnd()
      leave()
      settle()
    }
    const packaged = { stream, playlist, ready, stop, touched: clock.now() }
    const checkIdle = (delayMs: number): void => {
      cancel = clock.after(delayMs, () => {
        const left = packaged.touched + this.#options.idleMs - clock.now()
        if (left > 0) checkIdle(left)
        else this.#forget(packaged)
      })
    }
    checkIdle(this.#options.idleMs)
    return packaged
  }

  #forget(packaged: Packaged): void {
    const { playlist, stop, stream } = packaged
    stop()
    playlist.clear()
    this.#resting.set(stream, playlist)
    this.#packaged.delete(keyOf(stream))
  }

  #waitFor(ready: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(this.#options.timeoutMs, resolve)
      void ready.then(() => {
        cancel()
        resolve()
      })
    })
  }
}

function keyOf({ app, name }: LiveStream): string {
  return `${app}/${name}`
}
