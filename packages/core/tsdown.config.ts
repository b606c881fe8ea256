import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({
  ...nodePackage,
  entry: { index: 'src/index.ts', protocol: 'src/protocol/index.ts' },
  outputOptions: {
    // Left alone, the bundler puts its CommonJS helpers beside the schemas, and `require` of the index
    // would load those, and zod with them.
    codeSplitting: { groups: [{ name: 'runtime', test: /rolldown[\\/]runtime/ }] },
  },
})
