import { defineConfig } from 'vitest/config'

const sourceConditions = ['@ivh-kit/source', 'module', 'node', 'development|production']

/** The tests that run for the mutants of `stryker.config.mjs`. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    testTimeout: 20_000,
    include: [
      'packages/core/src/{async,channel,sessions,signing,speech}/**/*.test.ts',
      'packages/core/src/calls/retr*.test.ts',
      'packages/core/src/calls/clock-skew.test.ts',
      'packages/css-signer/src/**/*.test.ts',
    ],
  },
})
