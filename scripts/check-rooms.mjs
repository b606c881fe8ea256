// Keeps the arrows between the rooms pointing one way (docs/architecture.md). A workspace package may
// appear in a package's dependencies, or in its imports, only when it is listed here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './pnpm.mjs'

const mayImport = {
  kernel: [],
  core: [],
  'css-signer': ['kernel'],
  broker: ['core'],
  nestjs: ['core', 'broker'],
  player: [],
  emulator: ['core/protocol'],
  'css-origin': ['css-signer', 'kernel'],
  'digital-human': [],
  'emulator-media': [
    'css-origin',
    'css-origin/flv',
    'css-origin/publisher',
    'digital-human',
    'css-signer',
    'kernel',
  ],
  fixtures: ['core', 'core/doctor', 'core/protocol', 'css-signer', 'emulator'],
}

/** Tests of these rooms run against the emulated service. */
const testsMayImport = { broker: ['emulator'], nestjs: ['emulator', 'broker/node'] }

const problems = []
for (const [room, allowed] of Object.entries(mayImport)) {
  const source = join(root, 'packages', room, 'src')
  for (const file of readdirSync(source, { recursive: true })) {
    if (!/\.tsx?$/.test(file)) continue
    const isTest = file.endsWith('.test.ts') || file.includes('testing')
    const allowedHere = isTest ? [...allowed, ...(testsMayImport[room] ?? [])] : allowed
    const text = readFileSync(join(source, file), 'utf8')
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'@ivh-kit\/([^']+)'/g)) {
      if (target !== 'kernel' && !allowedHere.includes(target) && target !== room) {
        problems.push(`packages/${room}/src/${file} imports @ivh-kit/${target}`)
      }
    }
  }
}
for (const problem of problems) console.error(`✗ ${problem}`)
if (problems.length > 0) {
  console.error('docs/architecture.md says which room may import which.')
  process.exitCode = 1
} else {
  console.log(`✓ ${Object.keys(mayImport).length} rooms import only what they may`)
}
