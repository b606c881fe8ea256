import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  { ...nodePackage, entry: ['src/index.ts'] },
  {
    // The worker's file: started by path from either format, imported by nobody.
    ...nodePackage,
    entry: ['src/bank/bank-worker.ts'],
    format: ['esm'],
    dts: false,
    exports: false,
    clean: false,
  },
])
