import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const distFolder = join(
  dirname(createRequire(import.meta.url).resolve('@ivh-kit/player/package.json')),
  'dist',
)
const kib = 1024

/** An entry with all its static imports: the code that a page loads before anything plays. */
function initialGraph(entry: string): Map<string, string> {
  const files = new Map<string, string>()
  const queue = [entry]
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (files.has(file)) continue
    const code = readFileSync(join(distFolder, file), 'utf8')
    files.set(file, code)
    for (const [, imported] of code.matchAll(/\b(?:from|import)\s*["']\.\/([^"']+)["']/g)) {
      if (imported) queue.push(imported)
    }
  }
  return files
}

describe('the code that a page loads before anything plays', () => {
  const graph = initialGraph('ivh-player.js')

  it('has at most 15 KiB with gzip', () => {
    const sizes = [...graph.values()].map((code) => gzipSync(code, { level: 9 }).length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(15 * kib)
  })

  it('contains no engine and no validation library', () => {
    const code = [...graph.values()].join('\n')
    expect([...graph.keys()].join()).not.toContain('engine')
    expect(code).toMatch(/import\(["'`]\.\/ivh-player\.flv-engine\.js/)
    for (const trace of ['FLVDemuxer', 'SourceBuffer', 'ZodError']) {
      expect(code).not.toContain(trace)
    }
  })

  it('loads the engine by a dynamic import in the package entry', () => {
    const code = [...initialGraph('index.js').values()].join('\n')
    expect(code).toMatch(/import\(["'`]\.\/flv-engine\.js/)
    expect(code).not.toMatch(/from\s*["']mpegts\.js/)
  })
})
