// Which room may import which, and which folder inside a room: `pnpm check:rooms` (docs/architecture.md).
// Type imports count. tools/dependency-cruiser.tests.mjs has the rules for test files.

/** The workspace packages that each room may import, besides the kernel. */
export const rooms = {
  kernel: [],
  core: [],
  'css-signer': [],
  'digital-human': [],
  player: [],
  broker: ['core'],
  nestjs: ['core', 'broker'],
  emulator: ['core/src/protocol'],
  'css-origin': ['css-signer'],
  'emulator-media': ['css-origin', 'digital-human', 'css-signer'],
  fixtures: ['core', 'css-signer', 'emulator'],
}

const source = (room) => `^packages/${room}/src/`

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `imports-of-${room}`,
  comment: `${room} may import ${['kernel', ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: source(room), pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: '^packages/',
    pathNot: [room, 'kernel', ...allowed].map((name) => `^packages/${name}/`),
  },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'no-folder-cycle',
      comment: 'Folders inside a room form a tree, types included. Move the shared contract to a leaf.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-relative-import-of-another-package',
      comment: 'Import another package by its name.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$|/testing/|/node_modules/|/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@ivh-kit/source', 'import', 'types', 'default'],
    },
  },
}
