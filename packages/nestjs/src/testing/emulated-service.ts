import { createEmulator, type EmulatorCall } from '@ivh-kit/emulator'
import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'

/** The emulated service in this process, on a clock that a test moves with `timers.tickAsync`. */
export async function emulateService(credentials: { appKey?: string; accessToken?: string } = {}) {
  const timers = createClock(Date.UTC(2026, 0, 1))
  const clock: Clock = {
    now: () => timers.now,
    after(delayMs, callback) {
      const timer = timers.setTimeout(callback, delayMs)
      return () => timers.clearTimeout(timer)
    },
  }
  const emulator = await createEmulator({ listen: false, prepareMs: 0, clock, ...credentials })
  return {
    clock,
    timers,
    emulator,
    /** Number of sessions that cost money. */
    openSessions: () =>
      emulator.sessions.filter(({ status }) => status === 1 || status === 3).length,
    /** Number of calls that the service received. */
    count: (name: EmulatorCall['name']) =>
      emulator.calls.filter((call) => call.name === name).length,
  }
}
