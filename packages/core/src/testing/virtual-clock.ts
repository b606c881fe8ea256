import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'

export interface VirtualClock extends Clock {
  /** Advances the time and runs the timers that become due. */
  advance(milliseconds: number): Promise<void>
  /** Sets the wall clock forward, or back with a negative number. No time passes. */
  set(byMs: number): void
  /** Advances the time until no timer is left. */
  drain(): Promise<void>
  /** The number of timers that have not run. */
  readonly pending: number
}

/** Creates a clock that starts at a fixed time and advances only on request. */
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
