/**
 * Returns a number from 0 to 1 that depends on the seed and the index alone, so that a performance gives
 * the same result for a moment in any order of calls.
 */
export function randomAt(seed: number, index: number): number {
  let hash = Math.imul(seed ^ Math.imul(index + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f)
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x100000000
}
