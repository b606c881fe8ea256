import { defineConfig } from 'vitest/config'

const sourceConditions = ['@ivh-kit/source', 'module', 'node', 'development|production']

/** The tests that decide whether a mutant of `stryker.config.mjs` lives; nothing else is run for it. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: [
      'packages/core/src/{signing,speech}/**/*.test.ts',
      'packages/core/src/client/retr*.test.ts',
      'packages/core/src/client/clock-skew.test.ts',
      'packages/css-signer/src/**/*.test.ts',
    ],
  },
})
