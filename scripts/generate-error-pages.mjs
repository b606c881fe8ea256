// Writes docs/errors: one page per code of packages/core/src/protocol/codes.ts, and their index.
// With --check it writes nothing and names the pages that differ from the table.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './pnpm.mjs'

const folder = join(root, 'docs/errors')
const { errorCodes } = await importTypeScript(join(root, 'packages/core/src/protocol/codes.ts'))
const numbers = Object.keys(errorCodes)
  .map(Number)
  .sort((a, b) => Math.abs(a) - Math.abs(b) || b - a)

const retries = {
  never: 'The same request fails again; change something first.',
  backoff:
    'The same request may succeed later. The client repeats calls that are safe to repeat by itself, with growing waits.',
  'after-release': 'The request succeeds once another session has been closed.',
  'after-event': 'The request succeeds once the session has reached the right state.',
  recreate: 'This session is gone; only a new one helps.',
}

const pages = new Map(numbers.map((code) => [`${code}.md`, page(code, errorCodes[code])]))
pages.set('README.md', index())

if (process.argv.includes('--check')) {
  const wrong = [...new Set([...pages.keys(), ...written()])].filter(
    (file) =>
      !written().includes(file) || readFileSync(join(folder, file), 'utf8') !== pages.get(file),
  )
  if (wrong.length > 0) {
    console.error(
      `docs/errors differs from the table of codes: ${wrong.join(', ')}. Run node scripts/generate-error-pages.mjs.`,
    )
    process.exitCode = 1
  }
} else {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of pages) writeFileSync(join(folder, file), text)
  console.log(`${pages.size} pages in docs/errors`)
}

function page(code, { meaning, category, httpStatus, retry, next }) {
  return `# ${code}: ${meaning}

**What to do.** ${next}

**Trying again.** \`${retry}\`: ${retries[retry]}

**In code.** The call rejects with an \`IvhApiError\`; it carries \`code\` ${code}, \`category\` \`'${category}'\` and \`retry\` \`'${retry}'\`, the service's own message, and the \`requestId\` that the vendor's support asks for.

\`\`\`ts
import { isApiError } from '@ivh-kit/core'

export function is${name(code)}(error: unknown): boolean {
  return isApiError(error, '${category}') && error.code === ${code}
}
\`\`\`

**To whoever called your backend.** Answer with HTTP status ${httpStatus}; \`httpStatusOf(error)\` gives it.

Source: the vendor's error tables, 1240/100406 and 1211/62122. [All codes](README.md)
`
}

function index() {
  const rows = numbers.map((code) => {
    const { meaning, category, retry, httpStatus } = errorCodes[code]
    return [`[${code}](${code}.md)`, meaning, `\`${category}\``, `\`${retry}\``, `${httpStatus}`]
  })
  return `# Codes of the service

Every code that the vendor documents, as \`IvhApiError\` carries it. A code that is not here keeps its number, with category \`unknown\`.

${table([['code', 'meaning', '`category`', '`retry`', 'HTTP status'], ...rows])}

The pages are made from the table in \`packages/core/src/protocol/codes.ts\` by \`node scripts/generate-error-pages.mjs\`.
`
}

function table([head, ...rows]) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column].length)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rows]
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`)
    .join('\n')
}

function name(code) {
  return code < 0 ? `CodeMinus${-code}` : `Code${code}`
}

function written() {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Node 20 reads no TypeScript; a module without imports of values needs no more than this. */
async function importTypeScript(file) {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  const code = ts.transpile(readFileSync(file, 'utf8'), options)
  return import(`data:text/javascript,${encodeURIComponent(code)}`)
}
