import type { Parameters } from 'fast-check'

/**
 * Returns the size of a fuzz test: `FUZZ_COUNT` cases (default: `slice`). `FUZZ_SEED` repeats the same cases.
 */
export function fuzzed<Values>(slice: number): Parameters<Values> {
  const { FUZZ_COUNT, FUZZ_SEED } = process.env
  return {
    numRuns: Number(FUZZ_COUNT ?? slice),
    ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }),
  }
}

/** Timeout of all cases together, in milliseconds. */
export const fuzzTimeoutMs = 30 * 60_000
