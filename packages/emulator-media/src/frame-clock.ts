import { type Clock, monotonicClock } from '@ivh-kit/kernel'

/** Duration of one picture, in milliseconds: 25 pictures per second. */
export const pictureMs = 40

/** Receives the number of the due frame, counted from the start of the clock. */
export type FrameListener = (frame: number) => void

interface Subscription {
  readonly listener: FrameListener
  readonly failed: (error: unknown) => void
}

const shared = new WeakMap<Clock, FrameClock>()

/**
 * The timer that drives every human with the same clock. Frame numbers follow from the time instead of
 * the number of ticks: after a late tick the current frame comes, the missed frames are skipped, and
 * nothing drifts.
 */
export class FrameClock {
  readonly #clock: Clock
  readonly #start: number
  readonly #subscriptions = new Set<Subscription>()
  #cancel: (() => void) | undefined
  #lastFrame = -1

  private constructor(clock: Clock) {
    this.#clock = monotonicClock(clock)
    this.#start = this.#clock.now()
  }

  /** Returns the frame clock of a clock: always the same one for the same clock. */
  static of(clock: Clock): FrameClock {
    const known = shared.get(clock)
    if (known) return known
    const created = new FrameClock(clock)
    shared.set(clock, created)
    return created
  }

  /** Number of the current frame. */
  get frame(): number {
    return Math.floor((this.#clock.now() - this.#start) / pictureMs)
  }

  /**
   * Calls `listener` once per frame until the returned function is called. A listener that throws is
   * removed, and `failed` gets its error; the other listeners continue.
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
    const next = this.#start + (this.#lastFrame + 1) * pictureMs
    this.#cancel = this.#clock.after(Math.max(0, next - this.#clock.now()), () => this.#tick())
  }

  #tick(): void {
    const { frame } = this
    // A timer may fire a fraction of a millisecond early, before its frame is due.
    const due = frame > this.#lastFrame
    if (due) this.#lastFrame = frame
    // Schedule the next tick before the listeners run, so that no listener can stop the next frame.
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
