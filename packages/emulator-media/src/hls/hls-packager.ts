import type { MediaClock } from '../clock'
import type { LiveStream } from '../origin/live-stream'
import { Playlist } from './playlist'
import { Segmenter } from './segmenter'

export interface HlsPackagerOptions {
  readonly clock: MediaClock
  /** Length of a segment; key frames decide in the end. */
  readonly segmentMs: number
  /** Bytes kept of one stream. */
  readonly maxBytes: number
  /** A stream that nobody has asked for so long is packaged no more. */
  readonly idleMs: number
  /** How long a playlist is waited for. */
  readonly patienceMs: number
}

/** A stream, or one that has ended, as HLS. */
interface Packaged {
  readonly stream: LiveStream
  readonly playlist: Playlist
  /** Settles when there is something to list, or when there never will be. */
  readonly ready: Promise<void>
  readonly stop: () => void
  touched: number
}

const LISTED = 6
const SPARE = 3

/**
 * Packages streams as HLS while somebody watches them so: from the first request on, and on
 * until nobody has asked for a while. The end of a stream stays readable for as long.
 */
export class HlsPackager {
  readonly #packaged = new Map<string, Packaged>()
  /** Lists of streams that go on while nobody asks for them over HLS. */
  readonly #resting = new WeakMap<LiveStream, Playlist>()

  constructor(private readonly options: HlsPackagerOptions) {}

  /** Begins with a stream, unless it has begun. */
  open(stream: LiveStream): void {
    const place = placeOf(stream)
    const known = this.#packaged.get(place)
    if (known?.stream === stream) return
    known?.stop()
    const playlist = known?.playlist ?? this.#resting.get(stream) ?? this.#list(stream)
    playlist.goOn()
    this.#packaged.set(place, this.#package(stream, playlist))
  }

  /** The playlist of a stream, also of one that has just ended, as soon as it lists anything. */
  async playlist(app: string, name: string): Promise<Playlist | undefined> {
    const packaged = this.#find(app, name)
    if (!packaged) return undefined
    await this.#within(packaged.ready)
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
    if (packaged) packaged.touched = this.options.clock.now()
    return packaged
  }

  #list(stream: LiveStream): Playlist {
    const { maxBytes, segmentMs } = this.options
    // Beyond those of an earlier stream of this name: caches know segments by their numbers.
    const first = Math.floor(stream.info().publishedAt.getTime() / 1000)
    return new Playlist(first, { segmentMs, segments: LISTED, spare: SPARE, maxBytes })
  }

  #package(stream: LiveStream, playlist: Playlist): Packaged {
    const { clock, maxBytes, segmentMs } = this.options
    let settle = (): void => undefined
    const ready = new Promise<void>((resolve) => {
      settle = resolve
    })
    if (!playlist.isEmpty) settle()
    const segmenter = new Segmenter({
      targetMs: segmentMs,
      longestMs: () => playlist.longestMs,
      maxSegmentBytes: Math.floor(maxBytes / (LISTED + SPARE)),
      onSegment: (segment) => {
        playlist.add(segment)
        settle()
      },
      onEnd: () => {
        playlist.end()
        settle()
      },
    })
    const leave = stream.subscribe(segmenter)
    let cancel = (): void => undefined
    const stop = (): void => {
      cancel()
      leave()
      settle()
    }
    const packaged = { stream, playlist, ready, stop, touched: clock.now() }
    const watch = (delayMs: number): void => {
      cancel = clock.schedule(() => {
        const left = packaged.touched + this.options.idleMs - clock.now()
        if (left > 0) watch(left)
        else this.#forget(packaged)
      }, delayMs)
    }
    watch(this.options.idleMs)
    return packaged
  }

  #forget(packaged: Packaged): void {
    const { playlist, stop, stream } = packaged
    stop()
    playlist.clear()
    this.#resting.set(stream, playlist)
    this.#packaged.delete(placeOf(stream))
  }

  #within(ready: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.schedule(resolve, this.options.patienceMs)
      void ready.then(() => {
        cancel()
        resolve()
      })
    })
  }
}

function placeOf({ app, name }: LiveStream): string {
  return `${app}/${name}`
}
