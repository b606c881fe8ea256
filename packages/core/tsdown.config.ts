import { defineConfig, type UserConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const config: UserConfig = {
  ...nodePackage,
  exports: {
    devExports: '@ivh-kit/source',
    // Export the helper schemas for the emulator, which bundles them. They are not published.
    customExports: (exports, { isPublish }) =>
      isPublish ? exports : { ...exports, './internal/protocol': './src/protocol/schemas.ts' },
  },
  // Do not bundle the package into its doctor: the doctor imports the installed package by its name.
  deps: { neverBundle: ['@ivh-kit/core'] },
  outputOptions: {
    ...nodePackage.outputOptions,
    // Remove the docstrings from the code: the declarations carry them.
    comments: { jsdoc: false, legal: true, annotation: true },
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
  // Build these entries separately: the declaration bundler fails on an entry that only re-exports another's
  // chunk.
  { ...config, entry: { protocol: 'src/protocol/index.ts' } },
  { ...config, entry: { schemas: 'src/schemas.ts' } },
])
