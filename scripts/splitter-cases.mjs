// `node scripts/splitter-cases.mjs --count 1000000 --seed 1`: generated texts (Chinese, English, emoji, SSML)
// through the text splitter, bundled from its source. Each must keep the byte limit, lose and double
// nothing, and break no code point and no SSML element. A fault ends the run with the shortest text.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'tsdown'
import { root } from './pnpm.mjs'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const batch = 1_000

const core = join(root, 'packages/core')
// Inside node_modules: out of everybody's way, and fast-check is found from there.
const folder = mkdtempSync(join(core, 'node_modules', '.splitter-cases-'))
try {
  const entry = { cases: 'src/testing/splitter-cases.ts' }
  const quiet = { config: false, dts: false, exports: false, logLevel: 'silent' }
  await build({ ...quiet, cwd: core, entry, outDir: folder, format: 'esm', platform: 'node' })
  const { runSplitterCases } = await import(pathToFileURL(join(folder, 'cases.mjs')).href)

  const start = performance.now()
  let told = start
  for (let done = 0; done < count; ) {
    const next = Math.min(batch, count - done)
    runSplitterCases(next, seed + done / batch)
    done += next
    if (performance.now() - told < 2_000) continue
    told = performance.now()
    console.log(`${done} of ${count} (${Math.round((told - start) / 1_000)} s)`)
  }
  const seconds = Math.round((performance.now() - start) / 1_000)
  console.log(
    `✓ ${count} cases without a fault, seed ${seed}, ${seconds} s, Node ${process.version}`,
  )
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
