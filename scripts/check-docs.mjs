// Type-checks every TypeScript example of the README and the documents, and runs those that stand alone
// (fenced as ```ts run). They are put into the demo's folder, where every package resolves as it does for
// a customer: from its built files.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { root } from './pnpm.mjs'

const run = promisify(execFile)
const app = join(root, 'apps/nest-demo')
const folder = join(app, 'node_modules/.cache/docs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const documents = [
  'README.md',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
].filter((file) => file.endsWith('.md') && existsSync(join(root, file)))
const examples = documents.flatMap(examplesOf)
for (const { file, code } of examples) writeFileSync(join(folder, file), code)
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: join(app, 'tsconfig.json'),
    compilerOptions: {
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
      noUnusedLocals: false,
    },
    include: ['*.ts'],
  }),
)

let failed = 0
await check('all examples have the right types', 'pnpm', ['exec', 'tsc', '-p', folder])
for (const { file, code, place, runs } of examples) {
  if (!runs) continue
  const program = join(folder, file.replace(/ts$/, 'mjs'))
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  writeFileSync(program, ts.transpile(code, options))
  await check(`${place} runs`, process.execPath, [program])
}
console.log(`${examples.length} examples in ${documents.length} documents, ${failed} wrong`)
process.exitCode = failed > 0 ? 1 : 0

function examplesOf(document) {
  const text = readFileSync(join(root, document), 'utf8')
  const fences = text.matchAll(/^```(?:ts|typescript)(?<flag> run)?\n(?<code>[\s\S]*?)^```/gm)
  return [...fences].map((match, index) => {
    const line = text.slice(0, match.index).split('\n').length
    return {
      file: `${document.replaceAll(/[/.]/g, '-')}-${index + 1}.ts`,
      place: `${document}:${line}`,
      code: `// ${document}:${line}\n${match.groups.code}`,
      runs: Boolean(match.groups.flag),
    }
  })
}

async function check(what, command, args) {
  try {
    await run(command, args, { cwd: app })
    console.log(`✓ ${what}`)
  } catch (error) {
    failed += 1
    console.error(`✗ ${what}\n${error.stdout}${error.stderr}`)
  }
}
