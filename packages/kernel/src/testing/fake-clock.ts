import { createClock } from '@sinonjs/fake-timers'
import type { Clock } from '../clock'

/** Creates a clock that stands still until a test moves `timers`. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)) {
  const timers = createClock(startMs)
  const clock: Clock = {
    now: () => timers.now,
    after(delayMs, callback) {
      const timer = timers.setTimeout(callback, delayMs)
      return () => timers.clearTimeout(timer)
    },
  }
  return { clock, timers }
}
