// Module hooks that let a worker thread run the TypeScript sources: Node 20 cannot, and the hooks of
// vitest or tsx do not reach into workers.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import typescript from 'typescript'

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && context.parentURL) {
    const url = new URL(`${specifier}.ts`, context.parentURL)
    if (existsSync(fileURLToPath(url))) return { url: url.href, shortCircuit: true }
  }
  return next(specifier, context)
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context)
  const { outputText } = typescript.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
    compilerOptions: {
      module: typescript.ModuleKind.ESNext,
      target: typescript.ScriptTarget.ES2022,
    },
  })
  return { format: 'module', shortCircuit: true, source: outputText }
}
