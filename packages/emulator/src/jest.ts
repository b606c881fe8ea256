import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import {
  type EmulatorInTests,
  type EmulatorInTestsOptions,
  emulatorInTests,
} from './emulator-in-tests'

export { type ClockOptions, createClock, type MovableClock } from './clock'
export type { EmulatorInTests, EmulatorInTestsOptions } from './emulator-in-tests'

/**
 * Starts an emulator for the tests of a file or a `describe`. Before each further test it is reset: no
 * sessions, no faults, the real time. It answers until your last hook has run. Your own `clock` is not
 * reset.
 *
 * Tests that leave sessions open make the file fail after its last test, with the tests' names and the
 * sessions. Jest runs hooks in the order of their registration, so an earlier report is not possible.
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
  const testName = () => expect.getState().currentTestName
  return emulatorInTests({ hooks, firstHookRuns: 'first', testName }, options)
}
