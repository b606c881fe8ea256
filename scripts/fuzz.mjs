// `pnpm fuzz [--count 100000] [--seed n] [--only name]`: runs every `*.fuzz.test.ts` of the packages
// with many more cases than `npm test` does. They read FUZZ_COUNT and FUZZ_SEED, and append
// "name<TAB>done" to the file in FUZZ_PROGRESS; a new file is found by its name alone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pnpm } from './pnpm.mjs'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', default: '' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error('--count must be a number from 1 on, --seed a whole number.')
  process.exit(2)
}
console.log(`${count} cases each, seed ${seed}; the same again: --count ${count} --seed ${seed}`)

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
const progress = join(folder, 'progress')
writeFileSync(progress, '')
process.env.FUZZ_COUNT = String(count)
process.env.FUZZ_SEED = String(seed)
process.env.FUZZ_PROGRESS = progress

const timer = setInterval(report, 2000)
try {
  const filter = values.only ? `${values.only}.fuzz.test.ts` : '.fuzz.test.ts'
  process.exitCode = await pnpm(['exec', 'vitest', 'run', '--project', 'packages', filter])
  report()
} finally {
  clearInterval(timer)
  rmSync(folder, { recursive: true, force: true })
}

function report() {
  const done = new Map()
  for (const line of readFileSync(progress, 'utf8').split('\n').slice(0, -1)) {
    const [name, cases] = line.split('\t')
    done.set(name, Number(cases))
  }
  console.log(
    [...done].map(([name, cases]) => `${name} ${cases}/${count}`).join(', ') || 'starting',
  )
}
