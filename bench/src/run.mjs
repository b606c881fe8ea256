// `pnpm bench [name …]`: prints the tables that bench/RESULTS.md keeps.

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'

/** Name → what it shows, and how it is run. Each module can be run by itself as well. */
const benchmarks = {
  http: ['one call, 16 at a time', async () => (await import('./http.mjs')).http()],
  import: ['a fresh process', async () => (await import('./import.mjs')).importing()],
  sign: ['the signed query of a call', async () => (await import('./signing.mjs')).sign()],
  'tx-secret': ['a signed push URL', async () => (await import('./signing.mjs')).txSecret()],
  channel: ['text and audio', async () => (await import('./channel.mjs')).channel()],
  emulator: ['the gateway', async () => (await import('./emulator.mjs')).emulator()],
}

const { positionals } = parseArgs({ allowPositionals: true })
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(
    `No benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`,
  )
  process.exit(2)
}

const day = new Date().toISOString().slice(0, 10)
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${day}`)
for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
  const [shows, run] = benchmarks[name]
  console.log(`\n${name}: ${shows}`)
  const rows = await run()
  // Some compare several things, each with a peer of its own.
  if (Array.isArray(rows)) console.table(rows)
  else for (const table of Object.values(rows)) console.table(table)
}
process.exit()
