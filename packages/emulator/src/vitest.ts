import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import {
  type EmulatorInTests,
  type EmulatorInTestsOptions,
  emulatorInTests,
} from './emulator-in-tests'

export { type ClockOptions, createClock, type MovableClock } from './clock'
export type { EmulatorInTests, EmulatorInTestsOptions } from './emulator-in-tests'

/**
 * Starts an emulator for the tests of a file or a `describe`. After each test it is reset: no sessions, no
 * faults, the real time. A test that leaves sessions open fails with their ids. After the last test the
 * emulator closes. Your own `clock` is not reset.
 *
 * @example
 * const emulator = useEmulator()
 * it('closes what it opens', async () => {
 *   await using ivh = createIvhClient(emulator.clientOptions)
 *   …
 *   await emulator.advance(600_000)
 * })
 */
export function useEmulator(options: EmulatorInTestsOptions = {}): EmulatorInTests {
  const hooks = { afterAll, afterEach, beforeAll, beforeEach }
  return emulatorInTests({ hooks, firstHookRuns: 'last' }, options)
}
