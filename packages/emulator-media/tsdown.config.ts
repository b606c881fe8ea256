import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

export default defineConfig({ ...nodePackage, entry: ['src/index.ts'] })
