import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  { ...nodePackage, entry: ['src/index.ts'] },
  {
    // The workers' files: started by path from either format, imported by nobody.
    ...nodePackage,
    entry: {
      'bank-worker': 'src/bank/bank-worker.ts',
      'speech-worker': 'src/speech/speech-worker.ts',
    },
    format: ['esm'],
    dts: false,
    exports: false,
    clean: false,
  },
])
