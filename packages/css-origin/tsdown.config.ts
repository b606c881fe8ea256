import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  entry: { index: 'src/index.ts', flv: 'src/flv/index.ts', publisher: 'src/rtmp/index.ts' },
})
