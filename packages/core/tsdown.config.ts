import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  entry: {
    index: 'src/index.ts',
    protocol: 'src/protocol/index.ts',
    doctor: 'src/doctor/index.ts',
  },
  // The doctor uses the package from outside, so that the index does not become two files for its sake.
  deps: { neverBundle: ['@ivh-kit/core'] },
  outputOptions: {
    // A sixth of the time that importing takes; editors read the declarations, which keep theirs.
    comments: { jsdoc: false },
    // Left alone, the bundler puts its CommonJS helpers beside the schemas, and `require` of the index
    // would load those, and zod with them.
    codeSplitting: { groups: [{ name: 'runtime', test: /rolldown[\\/]runtime/ }] },
  },
})
