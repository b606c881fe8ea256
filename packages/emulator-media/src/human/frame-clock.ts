import type { MediaClock } from '../clock'

/** 25 pictures a second. */
export const FRAME_MS = 40

/** Gets the number of the frame that is due, counted from the clock's beginning. */
export type FrameListener = (frame: number) => void

interface Subscription {
  readonly listener: FrameListener
  readonly failed: (error: unknown) => void
}

const shared = new WeakMap<MediaClock, FrameClock>()

/**
 * The one clock that drives every human of the process. Frame numbers follow from the time, not
 * from the number of ticks: a late tick is followed by the frame that is due then, the missed
 * ones are skipped, and nothing drifts.
 */
export class FrameClock {
  readonly #subscriptions = new Set<Subscription>()
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

  /**
   * Calls `listener` once for every frame until the returned function is called. One that throws is not
   * called again; `failed` gets what it threw, and the others do not notice.
   */
  subscribe(listener: FrameListener, failed: (error: unknown) => void): () => void {
    const subscription = { listener, failed }
    this.#subscriptions.add(subscription)
    if (!this.#cancel) {
      this.#lastFrame = this.frame
      this.#schedule()
    }
    return () => this.#unsubscribe(subscription)
  }

  #unsubscribe(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    if (this.#subscriptions.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(): void {
    const next = this.#start + (this.#lastFrame + 1) * FRAME_MS
    this.#cancel = this.clock.schedule(() => this.#tick(), Math.max(0, next - this.clock.now()))
  }

  #tick(): void {
    const { frame } = this
    // A timer may fire a fraction early; the frame is then simply not due yet.
    const due = frame > this.#lastFrame
    if (due) this.#lastFrame = frame
    // First of all: whatever a listener does, the others get their next frame.
    this.#schedule()
    if (!due) return
    for (const subscription of [...this.#subscriptions]) {
      try {
        subscription.listener(frame)
      } catch (error) {
        this.#unsubscribe(subscription)
        subscription.failed(error)
      }
    }
  }
}
