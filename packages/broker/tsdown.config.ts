import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  // Both entries run outside Node as well: the broker on edge runtimes, its client in pages.
  platform: 'neutral',
  entry: { index: 'src/index.ts', client: 'src/client/index.ts' },
})
