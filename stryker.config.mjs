// The code that is mutated. docs/testing.md has the results.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/vitest.mutation.ts' },
  mutate: [
    'packages/core/src/signing/*.ts',
    'packages/core/src/sessions/**/*.ts',
    'packages/core/src/channel/*.ts',
    'packages/core/src/speech/{command,text}/*.ts',
    'packages/core/src/calls/retry-policy.ts',
    'packages/css-signer/src/*.ts',
    '!**/*.test.ts',
    '!**/index.ts',
  ],
  coverageAnalysis: 'perTest',
  // The copy holds sources only; links into node_modules stay as they are.
  ignorePatterns: ['**', '!packages/*/src/**', '!packages/*/*.json', '!tools/*', '!*.json'],
  concurrency: 2,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  tempDirName: 'reports/.stryker',
  thresholds: { high: 95, low: 80, break: 70 },
}
