// No `any` in what a customer's compiler sees: every declaration file of every published package, as built.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './pnpm.mjs'

const found = []
let files = 0
for (const room of readdirSync(join(root, 'packages'))) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', room, 'package.json'), 'utf8'))
  if (manifest.private) continue
  const dist = join(root, 'packages', room, 'dist')
  for (const name of readdirSync(dist).filter((file) => /\.d\.[cm]?ts$/.test(file))) {
    files += 1
    const text = readFileSync(join(dist, name), 'utf8')
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
    const visit = (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart())
        found.push(`packages/${room}/dist/${name}:${line + 1} ${text.split('\n')[line].trim()}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
}
for (const place of found) console.error(`✗ ${place}`)
if (found.length === 0) console.log(`✓ no any in ${files} declaration files`)
process.exitCode = found.length > 0 ? 1 : 0
