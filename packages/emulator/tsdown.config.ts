import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  { ...nodePackage, entry: ['src/index.ts'] },
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
