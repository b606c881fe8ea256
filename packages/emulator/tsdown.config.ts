import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  {
    ...nodePackage,
    entry: { index: 'src/index.ts', vitest: 'src/vitest.ts', jest: 'src/jest.ts' },
  },
  // The command is run, never imported: one ESM file without types, outside the exports map.
  {
    ...nodePackage,
    entry: ['src/cli.ts'],
    format: 'esm',
    dts: false,
    exports: false,
    clean: false,
  },
])
