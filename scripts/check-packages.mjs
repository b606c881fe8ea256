// Looks at every published package as npm would get it: packed by pnpm, which applies publishConfig.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { root } from './pnpm.mjs'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'ivh-kit-pack-'))
let problems = 0

try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    if (manifest.private) continue
    const found = await check(directory, manifest)
    problems += found.length
    console.log(`${found.length > 0 ? '✗' : '✓'} ${manifest.name}`)
    for (const problem of found) console.log(`    ${problem}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = problems > 0 ? 1 : 0

async function check(directory, manifest) {
  await run('pnpm', ['pack', '--pack-destination', folder], { cwd: directory })
  const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
  const tarball = join(folder, file)
  const found = []

  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  })
  for (const message of messages) found.push(`publint: ${formatMessage(message, pkg)}`)

  // A package for browsers has no CommonJS side to get wrong.
  const profile = manifest.exports['.'].require ? 'strict' : 'esm-only'
  const attw = ['exec', 'attw', tarball, '--profile', profile, '--format', 'ascii', '--no-emoji']
  await run('pnpm', attw, { cwd: root }).catch((error) => found.push(`attw: ${error.stdout}`))

  // An exact version would keep users from taking a security fix.
  for (const [name, version] of Object.entries(pkg.dependencies ?? {})) {
    if (/^\d/.test(version) && !name.startsWith('@ivh-kit/')) {
      found.push(`pins ${name} to ${version}: use a range from the runtime catalog`)
    }
  }

  // Jest without ESM, Nest's default, cannot run `import()` in a CommonJS file.
  for (const name of readdirSync(join(directory, 'dist')).filter((file) => file.endsWith('.cjs'))) {
    const code = readFileSync(join(directory, 'dist', name), 'utf8')
    if (/\bimport\(/.test(code)) found.push(`dist/${name} contains import()`)
  }

  for (const script of ['preinstall', 'install', 'postinstall']) {
    if (manifest.scripts?.[script]) found.push(`has an install script: ${script}`)
  }
  return found
}
