import type { Clock } from '../clock'
import type { EventLog } from '../record/event-log'

/**
 * A clock whose callbacks do not throw. Only a media plane can make one of the emulator's do so, and that
 * is noted: it neither ends the process nor stops the time.
 */
export function guarded(clock: Clock, events: EventLog): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, callback) =>
      clock.after(delayMs, () => {
        try {
          callback()
        } catch (error) {
          events.warn('server', `what fell due failed inside the emulator: ${String(error)}`)
        }
      }),
  }
}
