import { defineConfig } from 'tsdown'

/** One declaration file for the entry: relative imports without extension inside `dist` would not resolve in Node's ESM mode. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  platform: 'browser',
  dts: { emitDtsOnly: true, eager: true },
  clean: false,
  exports: false,
})
