import { expect } from 'vitest'

/**
 * `expect(value)` that reads the value again until it is as expected. The default patience of a
 * poll is one second, which a busy machine with two cores uses up to start a browser tab.
 */
export function eventually<T>(read: () => T | Promise<T>, timeout = 20_000) {
  return expect.poll(read, { timeout, interval: 50 })
}
