import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const core = join(import.meta.dirname, 'packages/core')
// Without `module`: those files are for bundlers, and Node cannot load those of @opentelemetry/api.
const sourceConditions = ['@ivh-kit/source', 'node', 'development|production']

export default defineConfig({
  test: {
    projects: [
      {
        // Packages are tested from source: editing needs no build.
        resolve: {
          conditions: sourceConditions,
          // Its package.json has two "main" entries; Node takes the right one, vite the wrong one.
          alias: { 'tls-sig-api-v2': join(core, 'node_modules/tls-sig-api-v2/TLSSigAPIv2.js') },
        },
        ssr: { resolve: { conditions: sourceConditions } },
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts'],
        },
      },
      {
        // Apps use the built packages, as a customer does.
        test: { name: 'apps', include: ['apps/*/src/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        // A real browser with real media: one file at a time, real seconds.
        test: {
          name: 'e2e',
          include: ['e2e/src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
