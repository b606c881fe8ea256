import { defineConfig, type UserConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const keepNames = { function: true, class: true }

const core: UserConfig = {
  ...nodePackage,
  // Half of the time that importing takes is reading the text. Names that a person sees in a log stay; the
  // maps, which hold no sources, turn a place in a stack into one in the repository (`--enable-source-maps`).
  minify: { compress: { keepNames }, mangle: { keepNames }, codegen: { removeWhitespace: true } },
  sourcemap: true,
  // The doctor uses the package from outside, so that the index does not become two files for its sake.
  deps: { neverBundle: ['@ivh-kit/core'] },
  outputOptions: {
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [
        // Left alone, the bundler puts its CommonJS helpers beside the schemas, and `require` of the index
        // would load those, and zod with them.
        { name: 'runtime', test: /rolldown[\\/]runtime/ },
        // What is loaded later shares one file with the index, not one per set of sharers: a file costs an
        // import as much as 20 KB of text.
        { name: 'shared', test: /core[\\/]src[\\/]/, minShareCount: 2 },
      ],
    },
  },
}

export default defineConfig([
  { ...core, entry: { index: 'src/index.ts', doctor: 'src/doctor/index.ts' } },
  // By itself, for the same reason: what both need is small, and the index loads sooner as one file.
  { ...core, entry: { protocol: 'src/protocol/index.ts' } },
])
