// Which room may import which, and which folder inside a room. `pnpm check:rooms` runs it; type imports
// count. docs/architecture.md explains the rooms.

/** The workspace packages that the source of each room may import, besides the kernel. */
const rooms = {
  kernel: [],
  core: [],
  'css-signer': [],
  'digital-human': [],
  player: [],
  broker: ['core'],
  nestjs: ['core', 'broker'],
  // The schemas and never the client, so that the emulator does not share a fault of the client.
  emulator: ['core/src/protocol'],
  'css-origin': ['css-signer'],
  'emulator-media': ['css-origin', 'digital-human'],
  fixtures: ['core', 'css-signer', 'emulator'],
}

/** The packages that only the tests of a room may import. */
const testsOnly = { broker: ['emulator'], nestjs: ['emulator'], 'emulator-media': ['css-signer'] }

const isTest = '\\.test\\.tsx?$|/testing/'

const importRule = (name, from, room, allowed) => ({
  name,
  comment: `It may import ${['kernel', ...allowed].join(', ')}. See docs/architecture.md.`,
  severity: 'error',
  from: { path: `^packages/${room}/src/`, ...from },
  to: {
    path: '^packages/',
    pathNot: [room, 'kernel', ...allowed].map((path) => `^packages/${path}/`),
  },
})

const roomRules = Object.entries(rooms).flatMap(([room, allowed]) => [
  importRule(`imports-of-${room}`, { pathNot: isTest }, room, allowed),
  importRule(
    `imports-of-tests-of-${room}`,
    { path: `^packages/${room}/src/.*(?:${isTest})` },
    room,
    [...allowed, ...(testsOnly[room] ?? [])],
  ),
])

const folderRules = [
  {
    name: 'no-folder-cycle',
    comment:
      'The folders of a room form a tree, types included. Move the shared contract to a leaf.',
    severity: 'error',
    scope: 'folder',
    from: {},
    to: { circular: true },
  },
]

// Tests import what they test, in any direction, so folder cycles are looked for without them.
const withTests = process.env.ROOMS_WITH_TESTS === '1'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...(withTests ? roomRules : folderRules),
    {
      name: 'no-relative-import-of-another-package',
      comment: 'Import another package by its name.',
      severity: 'error',
      // The chaos tests break parts of the client that it does not export.
      from: { path: '^packages/([^/]+)/', pathNot: '^packages/fixtures/src/chaos/broken-clients' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/node_modules/', '/dist/', ...(withTests ? [] : [isTest])] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@ivh-kit/source', 'import', 'types', 'default'],
    },
  },
}
