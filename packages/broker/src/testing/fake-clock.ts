import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'

/** A clock that a test moves with `timers.tickAsync`. */
export function createFakeClock() {
  const timers = createClock(Date.UTC(2026, 0, 1))
  const clock: Clock = {
    now: () => timers.now,
    after(delayMs, callback) {
      const timer = timers.setTimeout(callback, delayMs)
      return () => timers.clearTimeout(timer)
    },
  }
  return { clock, timers }
}
