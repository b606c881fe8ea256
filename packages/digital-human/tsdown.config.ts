import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  { ...nodePackage, entry: ['src/index.ts'] },
  {
    // Files of the worker threads. Both builds start them by path, and no module imports them.
    ...nodePackage,
    entry: {
      'bank-worker': 'src/pictures/bank-worker.ts',
      'speech-worker': 'src/speech/speech-worker.ts',
    },
    format: ['esm'],
    dts: false,
    exports: false,
    clean: false,
  },
])
