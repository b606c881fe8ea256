import type { Clock } from '@ivh-kit/core'

/** A clock that stands still until a test lets its timers fire. */
export class ManualClock implements Clock {
  readonly timers: { delayMs: number; fire: () => void }[] = []
  now(): number {
    return Date.UTC(2026, 0, 1)
  }
  after(delayMs: number, fire: () => void): () => void {
    const timer = { delayMs, fire }
    this.timers.push(timer)
    return () => {
      const index = this.timers.indexOf(timer)
      if (index >= 0) this.timers.splice(index, 1)
    }
  }
  fire(delayMs: number): void {
    for (const timer of this.timers.filter((one) => one.delayMs === delayMs)) timer.fire()
  }
}
