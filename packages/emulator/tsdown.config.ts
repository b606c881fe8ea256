import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const bundled =
  /^(?:@ivh-kit\/core\/(?:internal\/)?protocol|(?:zod|hono|@hono\/node-server)(?:\/.*)?)$/
const kernel = /^@ivh-kit\/kernel$/

/**
 * These libraries are bundled, so that an emulator starts fast: it loads only the used parts, from one
 * file. Their licences are in THIRD-PARTY-NOTICES.md. Users do not install them, so declarations must not
 * import them. The kernel is never published, so its declarations are bundled as well.
 */
const deps = {
  alwaysBundle: (id: string, importer: string | undefined) =>
    kernel.test(id) || (bundled.test(id) && !/\.d\.[cm]?ts$/.test(importer ?? '')),
  onlyBundle: ['zod', 'hono', '@hono/node-server', '@ivh-kit/kernel'],
}

export default defineConfig([
  {
    ...nodePackage,
    deps,
    entry: { index: 'src/index.ts', vitest: 'src/vitest.ts', jest: 'src/jest.ts' },
  },
  // The command is an ESM file without types, outside the exports map.
  {
    ...nodePackage,
    deps,
    entry: ['src/cli.ts'],
    format: 'esm',
    dts: false,
    exports: false,
    clean: false,
  },
])
