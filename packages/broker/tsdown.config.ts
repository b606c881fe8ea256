import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  // The broker also runs on edge runtimes, and its client in pages.
  platform: 'neutral',
  entry: {
    index: 'src/index.ts',
    client: 'src/client/index.ts',
    node: 'src/adapters/node/index.ts',
  },
})
