/** Interval of the `alive` events, in milliseconds. A page that misses two of them reconnects. */
export const aliveIntervalMs = 15_000
