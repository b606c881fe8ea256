import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const document = readFileSync(new URL('../../../docs/emulator.md', import.meta.url), 'utf8')
const section = document.split('## Rules with a source')[1]?.split('\n## ')[0] ?? ''

/** The tests that a row names: `file` or "same", then names in italics, split at what a name leaves open. */
function namedTests() {
  const named: { file: string; name: string }[] = []
  let file = ''
  for (const row of section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)) {
    const cell = row.split('|').at(-2) ?? ''
    for (const [, path, name] of cell.matchAll(/`([^`]+\.test\.ts)`|[_*]([^_*]+)[_*]/g)) {
      if (path) file = path
      else if (name) named.push({ file, name })
    }
  }
  return named
}

describe('the table of rules', () => {
  const named = namedTests()

  it('names the tests of every rule', () => {
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2)
    expect(rows.length).toBeGreaterThan(40)
    expect(named.length).toBeGreaterThanOrEqual(rows.length)
  })

  it.each(named.map(({ file, name }) => [file, name] as const))('%s has %s', (file, name) => {
    const url = new URL(file, import.meta.url)
    expect(existsSync(url)).toBe(true)
    const source = readFileSync(url, 'utf8').replaceAll("\\'", "'")
    for (const part of name.split(/…| \/ (?:accepted|refused)/)) {
      expect(source).toContain(part.trim())
    }
  })
})
