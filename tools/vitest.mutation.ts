import { defineConfig } from 'vitest/config'

const sourceConditions = ['@ivh-kit/source', 'module', 'node', 'development|production']

const allTests = [
  'packages/core/src/{async,channel,sessions,signing,speech}/**/*.test.ts',
  'packages/core/src/calls/retr*.test.ts',
  'packages/core/src/calls/clock-skew.test.ts',
  'packages/css-signer/src/**/*.test.ts',
]
/** `npm test` runs the mutants of one file with the tests beside it, which takes two minutes instead of eleven. */
const sliceTests = ['packages/core/src/calls/retr*.test.ts']

/** The tests that run for the mutants of `stryker.config.mjs`. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    testTimeout: 20_000,
    include: process.env.MUTATION_SLICE ? sliceTests : allTests,
  },
})
