const firstMs = 250
const longestMs = 10_000
const shortestMs = 50

/**
 * Returns the pause before attempt number `attempt` (from 1), in milliseconds. The pause is random between 50
 * ms and a maximum that doubles from 250 ms to 10 s (full jitter). `random` returns 0 up to, not including,
 * 1.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** (attempt - 1))
  return Math.max(shortestMs, Math.round(random() * ceiling))
}
