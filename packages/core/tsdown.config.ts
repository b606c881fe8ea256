import { defineConfig, type UserConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const core: UserConfig = {
  ...nodePackage,
  // The doctor uses the package from outside, so that the index does not become two files for its sake.
  deps: { neverBundle: ['@ivh-kit/core'] },
  outputOptions: {
    // Half of the time that importing takes is reading the text, and the docstrings are in the types as
    // well. The code itself is left as a person can read it in a debugger: that costs a fortieth.
    comments: { jsdoc: false, legal: true, annotation: true },
    codeSplitting: {
      groups: [
        // Left alone, the bundler puts its CommonJS helpers beside the schemas, and `require` of the index
        // would load those, and zod with them.
        { name: 'runtime', test: /rolldown[\\/]runtime/ },
        // What is loaded later shares one file with the index, not one per set of sharers: a file costs an
        // import as much as 20 KB of text.
        { name: 'shared', test: /(?:core|kernel)[\\/]src[\\/]/, minShareCount: 2 },
      ],
    },
  },
}

export default defineConfig([
  { ...core, entry: { index: 'src/index.ts', doctor: 'src/doctor/index.ts' } },
  // By itself, for the same reason: what both need is small, and the index loads sooner as one file.
  { ...core, entry: { protocol: 'src/protocol/index.ts' } },
])
