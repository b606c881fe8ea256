import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const { files, inlinedDependencies } = JSON.parse(read('../package.json'))

it.each(Object.keys(inlinedDependencies))(
  'the package contains the licence of %s, which is bundled',
  (name) => {
    expect(files).toContain('THIRD-PARTY-NOTICES.md')
    const licence = read(`../node_modules/${name}/LICENSE`).trim()
    expect(read('../THIRD-PARTY-NOTICES.md')).toContain(`## ${name}\n\n${licence}`)
  },
)
