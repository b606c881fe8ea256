import { appendFileSync } from 'node:fs'
import fc from 'fast-check'
import { it } from 'vitest'

/**
 * Number of cases. `FUZZ_COUNT` and `FUZZ_SEED` come from `scripts/fuzz.mjs`; without them a fixed slice
 * runs.
 */
const count = Number(process.env.FUZZ_COUNT ?? 300)
const seed = Number(process.env.FUZZ_SEED ?? 20_261_123)
const progressFile = process.env.FUZZ_PROGRESS

const batch = 500
/** Maximum duration of one case, in milliseconds. A normal case takes far less than a millisecond. */
const maxCaseMs = 2000
/** Maximum growth of the heap after a garbage collection, in bytes. */
const maxGrowthBytes = 150 * 1024 * 1024

/**
 * Defines a test that passes `count` generated cases to `check`, which throws for a wrong result. The test
 * also fails for a slow case, and when the heap grows.
 */
export function fuzz<T>(name: string, cases: fc.Arbitrary<T>, check: (input: T) => void): void {
  it(`${name}, fuzzed`, { timeout: 60_000 + count * 20 }, async () => {
    const before = bytesInUse()
    let slowest = 0
    const timed = (input: T): void => {
      const from = performance.now()
      check(input)
      slowest = Math.max(slowest, performance.now() - from)
    }
    for (let done = 0; done < count; done += batch) {
      const numRuns = Math.min(batch, count - done)
      fc.assert(fc.property(cases, timed), { numRuns, seed: seed + done })
      if (progressFile) appendFileSync(progressFile, `${name}\t${done + numRuns}\n`)
      // Give other tasks of the process a turn, such as the reporter.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (slowest > maxCaseMs) throw new Error(`the slowest case took ${Math.round(slowest)} ms`)
    const growth = bytesInUse() - before
    if (growth > maxGrowthBytes) throw new Error(`memory grew by ${growth} bytes`)
  })
}

function bytesInUse(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}
