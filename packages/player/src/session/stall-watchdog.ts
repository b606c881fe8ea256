/** A range of buffered media, in seconds. */
export interface BufferedRange {
  start: number
  end: number
}

/** The playback at one moment. */
export interface PlaybackSample {
  /** Time of the sample, in milliseconds. */
  now: number
  /** Playhead in seconds. */
  position: number
  ranges: readonly BufferedRange[]
  /** Pictures shown so far; `null` for a stream without pictures, or when the browser does not count them. */
  pictures: number | null
}

/** The watchdog's advice after one sample. */
export type WatchdogAdvice =
  | { action: 'none' }
  | { action: 'report-stall' }
  | { action: 'seek'; to: number }
  | { action: 'reconnect'; cause: 'no-data' | 'frozen' | 'frozen-picture' }

/** Time without movement after which the playhead counts as stalled, in milliseconds. */
const stallMs = 1_000
/** Time without movement after which the advice is to seek when media is buffered, in milliseconds. */
const seekAfterMs = 3_000
/** Pause between two attempts to move a frozen picture, in milliseconds. */
const nextSeekAfterMs = 1_500
/** Time without movement after which the advice is to reconnect when no media is buffered, in milliseconds. */
const noDataMs = 5_000
/** Value that replaces `noDataMs` before the first frame, in milliseconds. */
const firstFrameMs = 10_000
/** Distance of the seek target after the end of a gap, in seconds. */
const gapMargin = 0.05
/** Distance between the seek target and the live edge, in seconds. */
const edgeMargin = 0.5
/** Time without a new picture, while the playhead moves, after which the advice is to seek, in milliseconds. */
const frozenPictureMs = 3_000
/** Time after that seek in which the picture must move again, in milliseconds. */
const pictureAfterSeekMs = 2_500
/** Time after a seek in which new pictures prove nothing: the seek itself decodes some, in milliseconds. */
const seekPicturesMs = 1_000
/** Duration of movement after which the picture counts as steady, in milliseconds. */
const steadyPictureMs = 10_000
/** Minimum length of buffered media, in seconds. A shorter buffer counts as empty. */
const worthSeeking = 0.3

/**
 * Watches the playhead and the picture, because a cut or damaged stream often raises no error. When
 * the playhead stands still for 3 s, the advice is to jump over a gap in the buffer, then to jump to
 * the live edge, then to reconnect. With nothing buffered the advice is to reconnect after 5 s (10 s
 * before the first frame). When the playhead moves and the picture does not, the advice is to jump to
 * the live edge after 3 s, then to reconnect. Reads no clock: the caller gives the time.
 */
export class StallWatchdog {
  #position: number | null = null
  #stillSince: number
  #lastSeekAt = 0
  #steps: Array<'gap' | 'edge'> = ['gap', 'edge']
  #moved = false
  readonly #trustPicture: boolean
  #pictures: number | null = null
  #pictureSince: number
  #pictureMovesSince: number | null = null
  #pictureSeekAt: number | null = null
  #pictureWasSteady = false
  #seekAt = Number.NEGATIVE_INFINITY

  /**
   * @param options `trustPicture`: false when reconnects did not help against a frozen picture, for
   *   example because the camera is off. The picture then counts only after it has moved for 10 s.
   */
  constructor(now: number, { trustPicture = true }: { trustPicture?: boolean } = {}) {
    this.#stillSince = now
    this.#pictureSince = now
    this.#trustPicture = trustPicture
  }

  /** True once the picture has moved for 10 s without a freeze. */
  get pictureWasSteady(): boolean {
    return this.#pictureWasSteady
  }

  /** Notes a seek that the watchdog did not advise. */
  seeked(now: number): void {
    this.#seekAt = now
  }

  /** Forgets all earlier samples, for a new connection or a page that was hidden. */
  reset(now: number): void {
    this.#position = null
    this.#stillSince = now
    this.#lastSeekAt = 0
    this.#steps = ['gap', 'edge']
    this.#moved = false
    this.#pictures = null
    this.#pictureSince = now
    this.#pictureMovesSince = null
    this.#pictureSeekAt = null
  }

  observe(sample: PlaybackSample): WatchdogAdvice {
    const { now, position, ranges } = sample
    this.#notePicture(sample)
    if (position !== this.#position) {
      // The first sample shows no progress, and neither does a seek of the watchdog itself.
      if (this.#position !== null && position > this.#position) this.#moved = true
      const first = this.#position === null
      this.#position = position
      if (!first) {
        this.#stillSince = now
        this.#steps = ['gap', 'edge']
      }
      return this.#judgePicture(sample)
    }
    // The picture stands still because the playhead does.
    this.#pictureSince = now

    const stillMs = now - this.#stillSince
    const ahead = ranges.filter((range) => range.end > position + worthSeeking)
    if (ahead.length === 0) {
      const limitMs = this.#moved ? noDataMs : firstFrameMs
      if (stillMs >= limitMs) return { action: 'reconnect', cause: 'no-data' }
      return stillMs >= stallMs ? { action: 'report-stall' } : { action: 'none' }
    }
    if (stillMs < seekAfterMs || now - this.#lastSeekAt < nextSeekAfterMs) {
      return stillMs >= stallMs ? { action: 'report-stall' } : { action: 'none' }
    }

    this.#lastSeekAt = now
    this.#seekAt = now
    return this.#nextStep(position, ahead)
  }

  #notePicture({ now, pictures }: PlaybackSample): void {
    const known = this.#pictures
    if (pictures === known) return
    this.#pictures = pictures
    if (known === null || now - this.#seekAt <= seekPicturesMs) return
    if (now - this.#pictureSince >= frozenPictureMs) this.#pictureMovesSince = null
    this.#pictureMovesSince ??= now
    this.#pictureSince = now
    this.#pictureWasSteady ||= now - this.#pictureMovesSince >= steadyPictureMs
    this.#pictureSeekAt = null
  }

  #judgePicture({ now, position, ranges, pictures }: PlaybackSample): WatchdogAdvice {
    // Before its first picture a stream may consist of sound alone.
    if (pictures === null || pictures === 0) {
      this.#pictureSince = now
      return { action: 'none' }
    }
    if (!this.#trustPicture && !this.#pictureWasSteady) return { action: 'none' }
    if (this.#pictureSeekAt !== null) {
      return now - this.#pictureSeekAt >= pictureAfterSeekMs
        ? { action: 'reconnect', cause: 'frozen-picture' }
        : { action: 'none' }
    }
    if (now - this.#pictureSince < frozenPictureMs) return { action: 'none' }
    this.#pictureSeekAt = now
    this.#seekAt = now
    const edge = ranges.at(-1)
    return edge
      ? this.#seek(Math.max(edge.start, position, edge.end - edgeMargin))
      : { action: 'none' }
  }

  #nextStep(position: number, ahead: readonly BufferedRange[]): WatchdogAdvice {
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      const gap = ahead.find((range) => range.start > position)
      if (step === 'gap' && gap) return this.#seek(gap.start + gapMargin)
      const edge = ahead.at(-1)
      if (step === 'edge' && edge) return this.#seek(Math.max(edge.start, edge.end - edgeMargin))
    }
    return { action: 'reconnect', cause: 'frozen' }
  }

  /** Remembers the target, so that only movement beyond it counts as progress. */
  #seek(to: number): WatchdogAdvice {
    this.#position = to
    return { action: 'seek', to }
  }
}
