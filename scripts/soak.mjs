// `pnpm soak`: drives sessions through thousands of seeded accidents against the emulator. Whatever it
// finds can be played again: `pnpm soak --seed <seed> --replay <index>`.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createViteServer } from 'vitest/node'
import { root } from './pnpm.mjs'

const usage = `Usage: pnpm soak [--only chaos|sessions] [--seed n] [--count n] [--replay index] [--restart ms]

  --only    chaos: schedules of accidents in virtual time; sessions: sessions over real sockets. Default both.
  --seed    default: drawn, and printed
  --count   default: 10000 schedules, 1000 sessions
  --replay  runs one schedule of the seed and prints all that happened
  --restart how often the service restarts under the sessions, in ms; default 5000`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    count: { type: 'string' },
    replay: { type: 'string' },
    restart: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help || (values.only && !['chaos', 'sessions'].includes(values.only))) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}
const seed = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)))

// The packages are run from source: a soak needs no build.
const conditions = ['@ivh-kit/source', 'module', 'node', 'development|production']
const server = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
})
const restartEveryMs = whole('restart', values.restart ?? '5000')
const chaos = await server.ssrLoadModule('/packages/fixtures/src/chaos/index.ts')

const { version } = JSON.parse(readFileSync(`${root}/packages/core/package.json`, 'utf8'))
console.log(
  `@ivh-kit/core ${version}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, seed ${seed}`,
)
let failed = false
if (values.replay !== undefined) failed = await replay(whole('replay', values.replay))
else {
  if (values.only !== 'sessions') failed = await runChaos(whole('count', values.count ?? '10000'))
  if (values.only !== 'chaos') {
    failed = (await runSessions(whole('count', values.count ?? '1000'))) || failed
  }
}
await server.close()
process.exitCode = failed ? 1 : 0

async function runChaos(count) {
  console.log(`\nchaos: ${count} schedules`)
  const tick = every(2_000)
  const started = Date.now()
  const report = await chaos.soak({ seed, count }, ({ done, violations }) => {
    if (tick()) console.log(`  ${done} of ${count}, ${violations.length} with violations`)
  })
  const seconds = ((Date.now() - started) / 1000).toFixed(0)
  console.log(`  ${report.done} schedules in ${seconds} s, ${report.opened} opened a session`)
  console.log(`  utterances: ${list(report.endings)}`)
  console.log(`  rejected because of: ${list(report.failures)}`)
  for (const { index, texts } of report.violations.slice(0, 20)) {
    console.log(`✗ schedule ${index}: ${texts.join('; ')}`)
    console.log(`  again: pnpm soak --seed ${seed} --replay ${index}`)
  }
  console.log(
    `${report.violations.length === 0 ? '✓' : '✗'} ${report.violations.length} violations`,
  )
  return report.violations.length > 0
}

async function runSessions(count) {
  console.log(
    `\nsessions: ${count} over real sockets, 20 at a time; a restart every ${restartEveryMs} ms`,
  )
  const tick = every(2_000)
  const report = await chaos.soakSessions({ seed, count, restartEveryMs }, (done) => {
    if (tick()) console.log(`  ${done} of ${count}`)
  })
  console.log(`  ${list(report.endings)}; ${report.seconds.toFixed(0)} s`)
  console.log(`  before: ${list(report.before)}`)
  console.log(`  after:  ${list(report.after)}`)
  for (const text of report.violations) console.log(`✗ ${text}`)
  console.log(
    `${report.violations.length === 0 ? '✓' : '✗'} ${report.violations.length} violations`,
  )
  return report.violations.length > 0
}

async function replay(index) {
  const schedule = chaos.createSchedule(seed, index)
  console.log(JSON.stringify(schedule, null, 2))
  const { trace, violations, endings, failures } = await chaos.runSchedule(schedule)
  const [calls, events] = JSON.parse(trace)
  const started = Date.UTC(2026, 0, 1)
  const lines = [
    ...events.map(({ at, text }) => ({ at, text })),
    ...calls.map(({ at, name, payload, outcome }) => ({
      at,
      text: `→ ${name} ${JSON.stringify(payload)} ${JSON.stringify(outcome)}`,
    })),
  ].sort((one, other) => one.at - other.at)
  for (const { at, text } of lines) console.log(`${String(at - started).padStart(8)} ms ${text}`)
  console.log(
    `ended: ${endings.join(', ')}; rejected because of: ${failures.join(', ') || 'nothing'}`,
  )
  for (const text of violations) console.log(`✗ ${text}`)
  return violations.length > 0
}

function list(record) {
  const parts = Object.entries(record).sort(([, one], [, other]) => other - one)
  return parts.map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
}

function every(milliseconds) {
  let last = Date.now()
  return () => {
    if (Date.now() - last < milliseconds) return false
    last = Date.now()
    return true
  }
}

function whole(name, text) {
  if (/^\d+$/.test(text)) return Number(text)
  console.error(`--${name} must be a whole number, got ${text}`)
  process.exit(1)
}
