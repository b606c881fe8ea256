import type { MediaClock } from '../clock'

/** A clock that stands still until a test moves it. */
export class ManualClock implements MediaClock {
  #now = 0
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>()

  now(): number {
    return this.#now
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Runs every timer that is due within the next `ms`, each at its own moment. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.callback()
    }
    this.#now = end
  }

  /** Time passes and no timer gets a chance, as when the process is busy. */
  pass(ms: number): void {
    this.#now += ms
  }

  /** After such a time all timers come at once, and late. */
  stall(ms: number): void {
    this.pass(ms)
    this.advance(0)
  }

  get pending(): number {
    return this.#timers.size
  }
}
