import type { FlvTagTypeId } from '../flv/flv-tag'

/** Backward step that counts as jitter, in milliseconds. A longer one starts a new time line. */
const jitterMs = 40
/** Maximum age of media from an abandoned time line that arrives late, in milliseconds. */
const lateMs = 500
/** Forward step that starts a new time line, in milliseconds, beyond twice the previous step. */
const leapMs = 1000
/** Maximum offset of the first sound from the pictures, or the reverse, in milliseconds. */
const offsetMs = 10_000
/** Gap between the end of a time line and the start of the next, in milliseconds: about a frame. */
const frameMs = 40

/** One moment on the publisher's time and on the stream's. It moves with the media. */
interface Line {
  published: number
  time: number
}

interface Track {
  line: Line
  reached: number
  /** The last forward step; undefined until the second tag. */
  step: number | undefined
}

/**
 * Turns the publisher's time, which has 32 bits and may restart, leap or step back, into one time line on
 * which neither kind of media ever goes back. Each kind is followed separately: sound and pictures may
 * arrive in any order, and their times may change one after the other.
 */
export class StreamTime {
  readonly #tracks = new Map<FlvTagTypeId, Track>()
  /** The last abandoned time line: its media may still arrive. */
  #abandoned: Line | undefined

  /** The latest stream time of any media; undefined before the first. */
  get newest(): number | undefined {
    const times = [...this.#tracks.values()].map(({ reached }) => reached)
    return times.length === 0 ? undefined : Math.max(...times)
  }

  /** Returns the stream time of media with this publisher time. */
  follow(kind: FlvTagTypeId, published: number): number {
    const track = this.#tracks.get(kind)
    const line = this.#lineOf(track, published)
    if (!line) return track?.reached ?? published
    const time = read(line, published)
    line.published = published
    line.time = time
    const reached = Math.max(track?.reached ?? time, time)
    this.#tracks.set(kind, { line, reached, step: track && reached - track.reached })
    return reached
  }

  /** Returns the stream time of a header. Publishers may send 0, so only a near time is used. */
  near(published: number, kind?: FlvTagTypeId): number {
    const track = kind === undefined ? undefined : this.#tracks.get(kind)
    const [line] = track ? [track.line] : [...this.#tracks.values()].map((other) => other.line)
    const now = track?.reached ?? this.newest
    if (!line || now === undefined) return published
    const time = read(line, published)
    return time > now && time - now < leapMs ? time : now
  }

  /** Returns the time line of the media; undefined for late media of an abandoned one. */
  #lineOf(track: Track | undefined, published: number): Line | undefined {
    const newest = this.newest
    if (newest === undefined) return { published, time: published }
    const known = new Set([...(track ? [track] : []), ...this.#tracks.values()].map((t) => t.line))
    for (const line of known) {
      if (fits(track, newest, read(line, published))) return line
    }
    const late = this.#abandoned && track && read(this.#abandoned, published) - track.reached
    if (late !== undefined && late > -lateMs && late <= 0) return undefined
    this.#abandoned = track?.line
    return { published, time: newest + (track ? frameMs : 0) }
  }
}

function fits(track: Track | undefined, newest: number, time: number): boolean {
  if (!track) return Math.abs(time - newest) <= offsetMs
  // The second tag of a kind shows the pace of slow pictures, so its step may be of any length.
  const longest = track.step === undefined ? Number.POSITIVE_INFINITY : leapMs + 2 * track.step
  return time >= track.reached - jitterMs && time <= newest + longest
}

function read({ published, time }: Line, at: number): number {
  // Use a signed 32-bit difference, which is right across the wrap as well.
  return time + ((at - published) | 0)
}
