import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const document = readFileSync(new URL('../../../docs/emulator.md', import.meta.url), 'utf8')
const section = document.split('## Rules with a source')[1]?.split('\n## ')[0] ?? ''

/** Rule, source, accept tests, reject tests. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:Rule |-)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

/** A cell contains a file and, in italics, titles of its tests. */
function testsOf(cell: string): { file: string; titles: string[] } {
  const file = /`([^`]+\.test\.ts)`: /.exec(cell)?.[1] ?? ''
  const italics = cell.slice(cell.indexOf('`: ') + 3)
  return { file, titles: italics.replace(/^_|_$/g, '').split('_, _') }
}

/** The title of a test: the first argument of `it(…)` or `it.each(…)(…)`. */
function titlesIn(source: string): string[] {
  const titled = /(\bdescribe)?\(\s*'((?:[^'\\]|\\.)*)',\s*(?:\{[^}]*\},\s*)?(?:async\s*)?\(/g
  return [...source.matchAll(titled)].flatMap(([, isGroup, title = '']) => (isGroup ? [] : [title]))
}

/** Returns true for one of these titles, or for one that `it.each` makes from a case of the file. */
function exists(title: string, titles: readonly string[], source: string): boolean {
  return titles.some((template) => {
    if (template === title) return true
    const pieces = template.split(/%[sidj]|\$\w+/)
    if (pieces.length === 1) return false
    const pattern = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+)')
    const [, ...cases] = new RegExp(`^${pattern}$`).exec(title) ?? []
    return cases.length > 0 && cases.every((text) => standsIn(source, text))
  })
}

/** Matches a case as it is written, or as a template makes it. */
function standsIn(source: string, text: string): boolean {
  if (source.includes(text)) return true
  const words = text.split(' ')
  return words.length > 1 && words.every((word) => source.includes(word))
}

describe('the table of rules', () => {
  it('has a source and four cells in every row', () => {
    expect(rows.length).toBeGreaterThan(60)
    for (const cells of rows) {
      expect(cells, cells[0]).toHaveLength(4)
      expect(cells[1]).toMatch(/\d+\/\d+/)
    }
  })

  const columns = rows.flatMap(([rule = '', , accepts = '', refuses = '']) => [
    ['accept', rule, accepts] as const,
    ['reject', rule, refuses] as const,
  ])

  it.each(columns)('has an %s test of: %s', (_column, _rule, cell) => {
    const { file, titles } = testsOf(cell)
    expect(titles).not.toEqual([''])
    const source = readFileSync(new URL(file, import.meta.url), 'utf8')
      .replaceAll("\\'", "'")
      .replace(/(\d)_(?=\d)/g, '$1')
    const known = titlesIn(source)
    expect(titles.filter((title) => !exists(title, known, source))).toEqual([])
  })
})
