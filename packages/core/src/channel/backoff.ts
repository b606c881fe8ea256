/** Pauses between tries grow from a quarter of a second to ten, each cut by chance (full jitter). */
const firstMs = 250
const longestMs = 10_000
const shortestMs = 50

/** How long to wait before try number `attempt`, from 1. `random` gives 0 up to, not including, 1. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** (attempt - 1))
  return Math.max(shortestMs, Math.round(random() * ceiling))
}
