import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import {
  type EmulatorInTests,
  type EmulatorInTestsOptions,
  emulatorInTests,
} from './test-runner/emulator-in-tests'

export { type ClockOptions, createClock, type MovableClock } from './clock'
export type { EmulatorInTests, EmulatorInTestsOptions } from './test-runner/emulator-in-tests'

/**
 * An emulator for the tests of a file or a `describe`: it starts before the first, begins anew before each
 * of the others, at the present time again, and answers until the last hook of yours has run. A `clock`
 * of your own stays where a test has moved it.
 *
 * Tests that leave sessions open, after their own hooks, make the file fail after its last test, each with
 * its name and those sessions: Jest runs hooks in the order in which they were written, so that none can
 * tell earlier.
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
