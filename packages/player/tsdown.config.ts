import { defineConfig } from 'tsdown'

/**
 * Bundles the types into one file, because Node's ESM mode does not resolve relative imports without
 * extension inside `dist`.
 */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  platform: 'browser',
  dts: { emitDtsOnly: true },
  clean: false,
  exports: false,
})
