import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig([
  {
    ...nodePackage,
    entry: ['src/index.ts'],
    exports: {
      devExports: '@ivh-kit/source',
      // The tests of emulator-media share the fake bank. npm does not get this entry.
      customExports: (exports, { isPublish }) =>
        isPublish ? exports : { ...exports, './testing': './src/testing/fake-bank.ts' },
    },
  },
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
