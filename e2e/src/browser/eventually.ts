import { expect } from 'vitest'

/**
 * Reads a value again until it is as expected, or fails after `timeout` milliseconds. Vitest's own
 * default of one second is too short to open a browser tab on a busy machine.
 */
export function eventually<T>(read: () => T | Promise<T>, timeout = 20_000) {
  return expect.poll(read, { timeout, interval: 50 })
}
