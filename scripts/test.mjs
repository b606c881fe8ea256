// `npm test`: sets itself up and runs everything. Each gate (build, types, lint …) counts as one test
// beside the tests of the suites, so that the last line is the truth about all of it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { install, pnpm, root, step } from './pnpm.mjs'

const reports = `${root}/reports`
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

await install()

const results = []
// The build cache restores files and removes none, so chunks of an earlier build would stay.
for (const folder of ['packages', 'apps']) {
  for (const name of readdirSync(`${root}/${folder}`)) {
    rmSync(`${root}/${folder}/${name}/dist`, { recursive: true, force: true })
  }
}
await gate('Build', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'])
await gate('Types', ['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'])
await gate('Lint and format (biome)', ['exec', 'biome', 'ci', '--error-on-warnings'])
await gate('Unused files, exports and dependencies (knip)', ['exec', 'knip'])
await gate('Import directions between rooms and folders', [
  'exec',
  'node',
  'scripts/check-rooms.mjs',
])
await gate('Packages as npm gets them (publint, attw)', [
  'exec',
  'node',
  'scripts/check-packages.mjs',
])
await gate('Public types as in the API reports', ['exec', 'node', 'scripts/check-api.mjs'])
await gate('No any in published types', ['exec', 'node', 'scripts/check-any.mjs'])
await gate('The core in a customer’s project (tsc, import, require)', [
  'exec',
  'node',
  'scripts/test-matrix.mjs',
  '--only',
  'core',
])
process.env.MUTATION_SLICE = 'true'
await gate('Mutants of retry-policy.ts, a slice of pnpm mutate', [
  'exec',
  'stryker',
  'run',
  '--mutate',
  'packages/core/src/calls/retry-policy.ts',
])
await gate('Examples in the documents', ['exec', 'node', 'scripts/check-docs.mjs'])

step('Suites: unit, contract and browser (vitest)')
const vitestReport = `${reports}/vitest.json`
const vitestCode = await pnpm([
  'exec',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
])
results.push(...readSuites())

let passed = 0
let failed = 0
let skipped = 0
console.log('\nSummary')
for (const result of results) {
  passed += result.passed
  failed += result.failed
  skipped += result.skipped ?? 0
  const detail = result.suite ? `${result.passed} passed, ${result.failed} failed` : ''
  console.log(`  ${result.failed > 0 ? '✗' : '✓'} ${result.name}${detail && `: ${detail}`}`)
}
if (skipped > 0) {
  console.log(`${skipped} skipped, for programs that are not installed; the reasons are above`)
}
const line = `${passed} passed, ${failed} failed`
writeFileSync(`${reports}/summary.txt`, `${line}\n`)
console.log(line)
process.exitCode = failed > 0 ? 1 : 0

async function gate(name, args) {
  step(name)
  const code = await pnpm(args)
  results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 })
}

function readSuites() {
  let report
  try {
    report = JSON.parse(readFileSync(vitestReport, 'utf8'))
  } catch {
    return [{ name: `vitest ended with ${vitestCode} and left no report`, passed: 0, failed: 1 }]
  }
  const suites = new Map()
  for (const file of report.testResults) {
    const room = file.name
      .slice(root.length)
      .split('/')
      .slice(0, file.name.includes('/e2e/') ? 1 : 2)
      .join('/')
    const suite = suites.get(room) ?? { name: room, suite: true, passed: 0, failed: 0, skipped: 0 }
    suites.set(room, suite)
    for (const { status } of file.assertionResults) {
      if (status === 'passed') suite.passed += 1
      else if (status === 'failed') suite.failed += 1
      else suite.skipped += 1
    }
    // A file that could not even be loaded holds no test that could fail.
    if (
      file.status === 'failed' &&
      !file.assertionResults.some((test) => test.status === 'failed')
    ) {
      suite.failed += 1
    }
  }
  const found = [...suites.values()]
  if (vitestCode !== 0 && !found.some((suite) => suite.failed > 0)) {
    found.push({ name: `vitest ended with exit code ${vitestCode}`, passed: 0, failed: 1 })
  }
  return found
}
