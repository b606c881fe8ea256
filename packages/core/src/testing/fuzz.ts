import type { Parameters } from 'fast-check'

/** How much a fuzz test does: `FUZZ_COUNT` cases (a slice by default), `FUZZ_SEED` to have them again. */
export function fuzzed<Values>(slice: number): Parameters<Values> {
  const { FUZZ_COUNT, FUZZ_SEED } = process.env
  return {
    numRuns: Number(FUZZ_COUNT ?? slice),
    ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }),
  }
}

/** No single case may take long; a hundred thousand of them take their time. */
export const fuzzTimeoutMs = 30 * 60_000
