import { defineConfig, type UserConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const config: UserConfig = {
  ...nodePackage,
  exports: {
    devExports: '@ivh-kit/source',
    // The helper schemas, for the emulator, which bundles them. They are not published.
    customExports: (exports, { isPublish }) =>
      isPublish ? exports : { ...exports, './internal/protocol': './src/protocol/schemas.ts' },
  },
  // The doctor imports the package by its name.
  deps: { neverBundle: ['@ivh-kit/core'] },
  outputOptions: {
    // The declarations carry the docstrings.
    comments: { jsdoc: false, legal: true, annotation: true },
    codeSplitting: {
      // Otherwise the bundler puts its CommonJS helpers beside the schemas, and `require` of the index
      // would load zod.
      groups: [{ name: 'runtime', test: /rolldown[\\/]runtime/ }],
    },
  },
}

export default defineConfig([
  {
    ...config,
    entry: {
      index: 'src/index.ts',
      css: 'src/plugins/css/index.ts',
      doctor: 'src/doctor/index.ts',
      signing: 'src/signing/index.ts',
      telemetry: 'src/plugins/telemetry/index.ts',
      trtc: 'src/plugins/trtc/index.ts',
    },
  },
  // In builds of their own: the declaration bundler fails on an entry that only re-exports another's chunk.
  { ...config, entry: { protocol: 'src/protocol/index.ts' } },
  { ...config, entry: { schemas: 'src/schemas.ts' } },
])
