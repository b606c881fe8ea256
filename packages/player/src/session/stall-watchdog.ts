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
}

/** The watchdog's advice after one sample. */
export type WatchdogAdvice =
  | { action: 'none' }
  | { action: 'report-stall' }
  | { action: 'seek'; to: number }
  | { action: 'reconnect'; cause: 'no-data' | 'frozen' }

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
/** Minimum length of buffered media, in seconds. A shorter buffer counts as empty. */
const worthSeeking = 0.3

/**
 * Watches the playhead, because a cut stream often raises no error. When the playhead stands still
 * for 3 s, the advice is to jump over a gap in the buffer, then to jump to the live edge, then to
 * reconnect. With nothing buffered the advice is to reconnect after 5 s (10 s before the first
 * frame). Reads no clock: the caller gives the time.
 */
export class StallWatchdog {
  #position: number | null = null
  #stillSince: number
  #lastSeekAt = 0
  #steps: Array<'gap' | 'edge'> = ['gap', 'edge']
  #moved = false

  constructor(now: number) {
    this.#stillSince = now
  }

  /** Forgets all earlier samples, for a new connection or a page that was hidden. */
  reset(now: number): void {
    this.#position = null
    this.#stillSince = now
    this.#lastSeekAt = 0
    this.#steps = ['gap', 'edge']
    this.#moved = false
  }

  observe({ now, position, ranges }: PlaybackSample): WatchdogAdvice {
    if (position !== this.#position) {
      // The first sample shows no progress, and neither does a seek of the watchdog itself.
      if (this.#position !== null && position > this.#position) this.#moved = true
      const first = this.#position === null
      this.#position = position
      if (!first) {
        this.#stillSince = now
        this.#steps = ['gap', 'edge']
      }
      return { action: 'none' }
    }

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
    return this.#nextStep(position, ahead)
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
