import type { Clock } from '@ivh-kit/kernel'
import type { EventLog } from '../record/event-log'

/**
 * Returns a clock that logs the errors of its callbacks. Only a media plane makes a callback throw; the
 * process and the clock continue.
 */
export function guarded(clock: Clock, events: EventLog): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, callback) =>
      clock.after(delayMs, () => {
        try {
          callback()
        } catch (error) {
          events.warn('server', `a timer failed inside the emulator: ${String(error)}`)
        }
      }),
  }
}
