// Every published package as a customer gets it: packed, put into a project of its own, type-checked by
// `tsc` under each way of resolving modules and by each TypeScript asked for, then imported and required
// by each Node asked for. The dependencies are the ones installed here, so the packages need no network;
// other versions of TypeScript and Node come from the npm registry.
//   node scripts/test-matrix.mjs                                    all packages, TypeScript and Node of this tree
//   node scripts/test-matrix.mjs --typescript 6.0.3,5.9.3 --node 22
//   node scripts/test-matrix.mjs --only core                        one package
import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { root } from './pnpm.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    typescript: { type: 'string', default: 'here' },
    node: { type: 'string', default: 'here' },
  },
})
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'ivh-kit-matrix-'))
const modules = join(folder, 'node_modules')
let failed = 0

/** How a project resolves modules, and what its files are called. */
const resolutions = {
  'nodenext-esm': { file: 'esm.mts', module: 'nodenext', moduleResolution: 'nodenext' },
  'nodenext-cjs': { file: 'cjs.cts', module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { file: 'bundler.ts', module: 'preserve', moduleResolution: 'bundler' },
  node10: { file: 'node10.ts', module: 'commonjs', moduleResolution: 'node10' },
}

/** What a customer writes, in types. */
const usage = `
import { createIvhClient, type IvhSession, isApiError, type Playback } from '@ivh-kit/core'
export async function show(): Promise<Playback> {
  const ivh = createIvhClient({ appKey: 'k', accessToken: 't', region: 'mainland' })
  try {
    const session: IvhSession = await ivh.sessions.open({ assetVirtualmanKey: 'a', userId: 'u', protocol: 'rtmp' })
    const { interrupted }: { readonly interrupted: boolean } = await session.say('Hello').finished
    if (interrupted) await session.close()
    return session.playback
  } catch (error) {
    if (isApiError(error, 'concurrency')) console.log(error.code.toFixed())
    throw error
  }
}
`
/** They load within their test runner alone; `jest.test.ts` and `vitest.test.ts` of the emulator run them there. */
const ofTestRunners = new Set(['@ivh-kit/emulator/jest', '@ivh-kit/emulator/vitest'])

const smoke = `
import { createIvhClient } from '@ivh-kit/core'
import { createEmulator, defaultCredentials } from '@ivh-kit/emulator'
const emulator = await createEmulator({ prepareMs: 0 })
const ivh = createIvhClient({ ...defaultCredentials, baseUrl: emulator.url })
const session = await ivh.sessions.open({ assetVirtualmanKey: 'a', userId: 'u', protocol: 'rtmp' })
await session.say('Hello').finished
await session.close()
if (emulator.sessions[0]?.status !== 2) throw new Error('the session is still open')
await ivh.close()
await emulator.close()
`

try {
  const packages = await pack()
  const entries = packages.flatMap(entriesOf)
  for (const version of values.typescript.split(',')) {
    for (const name of Object.keys(resolutions)) await typeCheck(name, version, entries)
  }
  for (const version of values.node.split(',')) {
    const shown = version === 'here' ? process.version : version
    const program = (name, text) => {
      writeFileSync(join(folder, name), text)
      return () => node(version, join(folder, name))
    }
    const loaded = entries.filter(({ id }) => !ofTestRunners.has(id))
    const imports = loaded.map(({ id }) => `await import('${id}')`)
    const requires = loaded.filter(({ cjs }) => cjs).map(({ id }) => `require('${id}')`)
    await check(
      `Node ${shown}: import of ${imports.length} entries`,
      program('all.mjs', imports.join('\n')),
    )
    await check(
      `Node ${shown}: require of ${requires.length} entries`,
      program('all.cjs', requires.join('\n')),
    )
    if (packages.some(({ name }) => name === '@ivh-kit/emulator')) {
      await check(`Node ${shown}: a session at the emulator`, program('smoke.mjs', smoke))
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0
// The emulator's image, as far as it can be tried without Docker; it sets the exit code when it fails.
if (!values.only) await import('./check-image.mjs')

/** Packs what is published and puts it, with its dependencies, where a customer's npm would. */
async function pack() {
  mkdirSync(join(modules, '@types'), { recursive: true })
  symlinkSync(join(root, 'node_modules/@types/node'), join(modules, '@types/node'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const found = []
  for (const room of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', room)
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    if (manifest.private || (values.only && values.only !== room)) continue
    await run(
      'npx',
      ['--yes', '--prefer-offline', packageManager(), 'pack', '--pack-destination', folder],
      { cwd: directory },
    )
    const target = join(modules, manifest.name)
    mkdirSync(target, { recursive: true })
    const tarball = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    await run('tar', ['-xzf', join(folder, tarball), '-C', target, '--strip-components=1'])
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      const link = join(modules, name)
      const installed = join(directory, 'node_modules', name)
      if (name.startsWith('@ivh-kit/') || existsSync(link) || !existsSync(installed)) continue
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(installed, link)
    }
    found.push(JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')))
  }
  return found
}

function packageManager() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
}

function entriesOf({ name, exports, main }) {
  return Object.entries(exports)
    .filter(([path]) => path !== './package.json' && !path.endsWith('.json'))
    .filter(([, target]) => typeof target === 'object')
    .map(([path, target]) => ({
      id: join(name, path),
      cjs: 'require' in target,
      // Without `main` there is nothing for the oldest way of resolving to find.
      node10: main !== undefined,
    }))
}

async function typeCheck(name, version, entries) {
  const { file, ...options } = resolutions[name]
  const seen = entries.filter(({ cjs, node10 }) => {
    if (name === 'node10') return node10
    return name === 'nodenext-cjs' ? cjs : true
  })
  const lines = seen.map(
    ({ id }, index) => `import * as entry${index} from '${id}'\nvoid entry${index}\n`,
  )
  writeFileSync(
    join(folder, file),
    lines.join('') + (seen.some(({ id }) => id === '@ivh-kit/core') ? usage : ''),
  )
  const compilerOptions = {
    ...options,
    ...{ target: 'es2022', lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'] },
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: ['node'] },
    skipLibCheck: false,
  }
  const project = join(folder, `tsconfig.${name}.json`)
  const write = (more) =>
    writeFileSync(
      project,
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...more }, files: [file] }),
    )
  const shown = version === 'here' ? '' : ` ${version}`
  // TypeScript 6 takes node10 only when told that its end is known.
  const silenced =
    name === 'node10' && !version.startsWith('5') ? { ignoreDeprecations: '6.0' } : {}
  await check(`tsc${shown}, ${name}: ${seen.length} entries`, async () => {
    write(silenced)
    const problems = await compile(version, project)
    // Faults in the types of other people's packages are not ours to mend: only ours count.
    const ours = problems.filter(
      (line) => !/node_modules\/(?!@ivh-kit)/.test(line) && /error TS/.test(line),
    )
    if (ours.length > 0) throw new Error(ours.slice(0, 8).join('\n'))
    if (problems.length > 0) {
      console.log(`  (${problems.length} lines of faults in the types of dependencies)`)
    }
  })
}

async function compile(version, project) {
  const here = join(root, 'node_modules/typescript/bin/tsc')
  const [command, args] =
    version === 'here'
      ? [process.execPath, [here]]
      : ['npx', ['--yes', '--prefer-offline', '-p', `typescript@${version}`, 'tsc']]
  try {
    await run(command, [...args, '-p', project, '--pretty', 'false'], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    })
    return []
  } catch (error) {
    return `${error.stdout}${error.stderr}`.split('\n').filter(Boolean)
  }
}

function node(version, program) {
  const [command, args] =
    version === 'here'
      ? [process.execPath, []]
      : ['npx', ['--yes', '--prefer-offline', `node@${version}`]]
  return run(command, [...args, program], { cwd: folder })
}

async function check(what, attempt) {
  try {
    await attempt()
    console.log(`✓ ${what}`)
  } catch (error) {
    failed += 1
    console.error(`✗ ${what}\n${error.stderr || error.stdout || error.message}`)
  }
}
