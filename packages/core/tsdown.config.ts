import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  entry: { index: 'src/index.ts', protocol: 'src/protocol/index.ts' },
})
