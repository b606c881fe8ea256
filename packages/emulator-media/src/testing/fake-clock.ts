import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'

const start = Date.UTC(2026, 10, 23)

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #timers = createClock(start)

  now(): number {
    return this.#timers.now
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = this.#timers.setTimeout(callback, delayMs)
    return () => this.#timers.clearTimeout(timer)
  }

  /** Moves time and runs every due timer at its own moment. */
  advance(ms: number): void {
    this.#timers.tick(ms)
  }

  /** Moves time and runs the due timers late, at the end, as after a busy process. */
  stall(ms: number): void {
    this.#timers.jump(ms)
  }

  get pending(): number {
    return this.#timers.countTimers()
  }
}
