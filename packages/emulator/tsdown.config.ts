import { defineConfig } from 'tsdown'
import { nodePackage } from '../../tools/tsdown.base'

const builtIn = /^(?:@ivh-kit\/core\/protocol|(?:zod|hono|@hono\/node-server)(?:\/.*)?)$/

/**
 * Built in, so that an emulator starts soon: only what is used of them is loaded, from one file. Their
 * licences are in THIRD-PARTY-NOTICES.md. They are not installed with the package, so no declaration
 * may name them: the types that a user sees are written out.
 */
const deps = {
  alwaysBundle: (id: string, importer: string | undefined) =>
    builtIn.test(id) && !/\.d\.[cm]?ts$/.test(importer ?? ''),
  onlyBundle: ['zod', 'hono', '@hono/node-server'],
}

export default defineConfig([
  {
    ...nodePackage,
    deps,
    entry: { index: 'src/index.ts', vitest: 'src/vitest.ts', jest: 'src/jest.ts' },
  },
  // The command is run, never imported: one ESM file without types, outside the exports map.
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
