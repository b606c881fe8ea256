import type { UserConfig } from 'tsdown'

/**
 * How every published Node package is built: ESM and CJS side by side with types for each,
 * and an `exports` map written from the entries, so that nothing is built and not exported
 * (or the other way round). In the tree the `@ivh-kit/source` condition leads to `src`;
 * `publishConfig.exports`, which is what npm gets, does not carry it.
 */
export const nodePackage: UserConfig = {
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20.19',
  dts: true,
  exports: { devExports: '@ivh-kit/source' },
  // Jest without ESM cannot run `import()` in a CommonJS file.
  outputOptions: {
    dynamicImportInCjs: false,
    // Put the bundler's CommonJS helpers into their own chunk. In the chunk of an entry, other chunks would
    // require that entry while it loads.
    codeSplitting: { groups: [{ name: 'runtime', test: /rolldown[\\/]runtime/ }] },
  },
}
