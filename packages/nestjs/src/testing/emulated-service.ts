import { createEmulator, type EmulatorCall } from '@ivh-kit/emulator'
import { createFakeClock } from '@ivh-kit/kernel/testing'

/** The emulated service in this process, on a clock that a test moves with `timers.tickAsync`. */
export async function emulateService(credentials: { appKey?: string; accessToken?: string } = {}) {
  const { clock, timers } = createFakeClock()
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
