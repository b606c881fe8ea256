// Which code is mutated, and by which tests its mutants are to be noticed; docs/testing.md has the results.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/vitest.mutation.ts' },
  mutate: [
    'packages/core/src/signing/*.ts',
    'packages/core/src/speech/{split-text,sentence-end,speak-element,byte-length,ssml-ranges,sentence-buffer,pacer}.ts',
    'packages/core/src/client/retry-{policy,budget}.ts',
    'packages/css-signer/src/*.ts',
    '!**/*.test.ts',
    '!**/index.ts',
  ],
  coverageAnalysis: 'perTest',
  // The workspace's links into node_modules stay as they are: the copy holds sources only.
  ignorePatterns: ['**', '!packages/*/src/**', '!packages/*/*.json', '!tools/*', '!*.json'],
  concurrency: 2,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  tempDirName: 'reports/.stryker',
  thresholds: { high: 95, low: 85, break: 85 },
}
