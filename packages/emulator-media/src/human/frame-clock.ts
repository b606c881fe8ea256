import type { MediaClock } from '../clock'

/** 25 pictures a second. */
export const FRAME_MS = 40

/** Gets the number of the frame that is due, counted from the clock's beginning. */
export type FrameListener = (frame: number) => void

const shared = new WeakMap<MediaClock, FrameClock>()

/**
 * The one clock that drives every human of the process. Frame numbers follow from the time, not
 * from the number of ticks: a late tick is followed by the frame that is due then, the missed
 * ones are skipped, and nothing drifts.
 */
export class FrameClock {
  readonly #listeners = new Set<FrameListener>()
  #cancel: (() => void) | undefined
  #lastFrame = -1
  readonly #start: number

  private constructor(private readonly clock: MediaClock) {
    this.#start = clock.now()
  }

  /** The frame clock of a clock: the same one for everybody who asks. */
  static of(clock: MediaClock): FrameClock {
    const known = shared.get(clock)
    if (known) return known
    const created = new FrameClock(clock)
    shared.set(clock, created)
    return created
  }

  /** The frame that is due now. */
  get frame(): number {
    return Math.floor((this.clock.now() - this.#start) / FRAME_MS)
  }

  /** Calls `listener` once for every frame until the returned function is called. */
  subscribe(listener: FrameListener): () => void {
    this.#listeners.add(listener)
    if (!this.#cancel) {
      this.#lastFrame = this.frame
      this.#schedule()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#cancel?.()
      this.#cancel = undefined
    }
  }

  #schedule(): void {
    const next = this.#start + (this.#lastFrame + 1) * FRAME_MS
    this.#cancel = this.clock.schedule(() => this.#tick(), Math.max(0, next - this.clock.now()))
  }

  #tick(): void {
    const { frame } = this
    // A timer may fire a fraction early; the frame is then simply not due yet.
    if (frame > this.#lastFrame) {
      this.#lastFrame = frame
      for (const listener of [...this.#listeners]) listener(frame)
    }
    if (this.#listeners.size > 0) this.#schedule()
  }
}
