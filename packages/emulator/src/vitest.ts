import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import {
  type EmulatorInTests,
  type EmulatorInTestsOptions,
  emulatorInTests,
} from './test-runner/emulator-in-tests'

export { type ClockOptions, createClock, type MovableClock } from './clock'
export type { EmulatorInTests, EmulatorInTestsOptions } from './test-runner/emulator-in-tests'

/**
 * An emulator for the tests of a file or a `describe`: it starts before the first and closes after the
 * last, begins anew after each, at the present time again, and fails a test that leaves sessions open,
 * naming them. A `clock` of your own stays where a test has moved it.
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
