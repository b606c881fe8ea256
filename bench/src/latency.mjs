// `node bench/src/latency.mjs`: glass-to-glass latency of the CSS origin, measured in a browser from a
// clock in the picture (e2e/src/origin/latency.test.ts), against the targets. Needs ffmpeg and a build.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pnpm } from '../../scripts/pnpm.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latency-'))
const report = join(folder, 'rows')
writeFileSync(report, '')
try {
  const args = ['exec', 'vitest', 'run', '--project', 'e2e', 'e2e/src/origin/latency.test.ts']
  const code = await pnpm(args, { env: { LATENCY_REPORT: report } })
  const rows = readFileSync(report, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((row) => JSON.parse(row))
  console.table(
    rows.map(({ limit, p50, p95, pictures, way }) => ({
      way,
      'p50 ms': p50,
      'p95 ms': p95,
      'target ms': limit,
      met: p50 <= limit ? 'yes' : 'NO',
      pictures,
    })),
  )
  if (rows.length === 0) console.log('Nothing was measured: is ffmpeg installed?')
  process.exitCode = code
} finally {
  rmSync(folder, { recursive: true, force: true })
}
