/** A stretch of media in the buffer, in seconds. */
export interface BufferedRange {
  start: number
  end: number
}

/** What the watchdog sees at one moment. */
export interface PlaybackSample {
  /** Milliseconds. */
  now: number
  /** Playhead in seconds. */
  position: number
  ranges: readonly BufferedRange[]
}

/** What to do about it. */
export type WatchdogAdvice =
  | { action: 'none' }
  | { action: 'standstill' }
  | { action: 'seek'; to: number }
  | { action: 'rebuild'; cause: 'silence' | 'frozen' }

const STANDSTILL = 1_000
const INTERVENE = 3_000
const INTERVENE_AGAIN = 1_500
const STARVED = 5_000
const FIRST_PICTURE = 10_000
/** A gap in the timeline is jumped by landing a little behind its far side. */
const GAP_MARGIN = 0.05
const EDGE_MARGIN = 0.5
const WORTH_SEEKING = 0.3

/**
 * Watches the playhead, because a cut stream often gives no error at all. After 3 s at the same
 * place it advises to jump a gap in the buffer, then to jump to the live edge, then to rebuild
 * the connection. With nothing buffered it advises to rebuild after 5 s (10 s before the first
 * picture). It never looks at a clock itself.
 */
export class StallWatchdog {
  #position: number | null = null
  #since: number
  #lastAdvice = 0
  #steps: Array<'gap' | 'edge'> = ['gap', 'edge']
  #moved = false

  constructor(now: number) {
    this.#since = now
  }

  /** Forget everything before `now`: a new connection, or the page was hidden. */
  reset(now: number): void {
    this.#position = null
    this.#since = now
    this.#lastAdvice = 0
    this.#steps = ['gap', 'edge']
    this.#moved = false
  }

  observe({ now, position, ranges }: PlaybackSample): WatchdogAdvice {
    if (position !== this.#position) {
      // The first sample is where it starts, and a jump of ours is not progress.
      if (this.#position !== null && position > this.#position) this.#moved = true
      const first = this.#position === null
      this.#position = position
      if (!first) {
        this.#since = now
        this.#steps = ['gap', 'edge']
      }
      return { action: 'none' }
    }

    const still = now - this.#since
    const ahead = ranges.filter((range) => range.end > position + WORTH_SEEKING)
    if (ahead.length === 0) {
      if (still >= (this.#moved ? STARVED : FIRST_PICTURE))
        return { action: 'rebuild', cause: 'silence' }
      return still >= STANDSTILL ? { action: 'standstill' } : { action: 'none' }
    }
    if (still < INTERVENE || now - this.#lastAdvice < INTERVENE_AGAIN)
      return still >= STANDSTILL ? { action: 'standstill' } : { action: 'none' }

    this.#lastAdvice = now
    return this.#intervene(position, ahead)
  }

  #intervene(position: number, ahead: readonly BufferedRange[]): WatchdogAdvice {
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      const gap = ahead.find((range) => range.start > position)
      if (step === 'gap' && gap) return this.#seek(gap.start + GAP_MARGIN)
      const edge = ahead.at(-1)
      if (step === 'edge' && edge) return this.#seek(Math.max(edge.start, edge.end - EDGE_MARGIN))
    }
    return { action: 'rebuild', cause: 'frozen' }
  }

  /** The playhead will be at `to` because of us: only what moves beyond it counts. */
  #seek(to: number): WatchdogAdvice {
    this.#position = to
    return { action: 'seek', to }
  }
}
