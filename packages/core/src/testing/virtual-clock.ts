import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'

export interface VirtualClock extends Clock {
  /** Lets time pass, and everything that waits for it run. */
  advance(milliseconds: number): Promise<void>
  /** Sets the wall clock forward, or with a negative number back; no time passes. */
  set(byMs: number): void
  /** Lets time pass until nobody waits for it any more. */
  drain(): Promise<void>
  /** How many timers are waiting. */
  readonly pending: number
}

/** Time that passes only when a test says so. Begins at a fixed moment. */
export function createVirtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = createClock(startMs, 1_000_000)
  return {
    now: () => timers.now,
    monotonic: () => timers.performance.now(),
    set: (byMs) => timers.setSystemTime(timers.now + byMs),
    after(delayMs, callback) {
      const timer = timers.setTimeout(callback, delayMs)
      return () => timers.clearTimeout(timer)
    },
    advance: async (milliseconds) => {
      await timers.tickAsync(milliseconds)
    },
    drain: async () => {
      await timers.runAllAsync()
    },
    get pending() {
      return timers.countTimers()
    },
  }
}
