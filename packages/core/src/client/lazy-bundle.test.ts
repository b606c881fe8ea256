import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsdown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import config from '../../tsdown.config'

const run = promisify(execFile)
const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

/** The bundler decides which file holds what, so what it makes is looked at as well. */
beforeAll(async () => {
  // Inside node_modules: out of everybody's way, and zod and undici are found from there.
  folder = await mkdtemp(join(packageRoot, 'node_modules', '.lazy-bundle-'))
  await build({
    ...config,
    cwd: packageRoot,
    config: false,
    outDir: folder,
    clean: false,
    dts: false,
    exports: false,
    logLevel: 'silent',
  })
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const useClient = `
  const ivh = core.createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: 'http://127.0.0.1:1' })
  const before = loaded()
  await ivh.statSession({ SessionId: 'm1' }).catch(() => {})
  console.log(JSON.stringify({ before, after: loaded() }))
`

/** A hook is told of every specifier; it runs on a thread of its own, so it shares what it heard. */
const hook = `
  let heard
  export const initialize = (shared) => { heard = new Int32Array(shared) }
  export const resolve = (specifier, context, next) => {
    const at = ['undici', 'zod'].indexOf(specifier)
    if (at >= 0) Atomics.store(heard, at, 1)
    return next(specifier, context)
  }
`
const scripts = {
  'index.mjs': (path: string) => `
    import { register } from 'node:module'
    const heard = new Int32Array(new SharedArrayBuffer(8))
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}), { data: heard.buffer })
    const loaded = () => ['undici', 'zod'].filter((_name, at) => Atomics.load(heard, at))
    const core = await import(${JSON.stringify(path)})
    ${useClient}`,
  'index.cjs': (path: string) => `
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    const loaded = () => ['undici', 'zod'].filter((name) =>
      Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')))
    const core = require(${JSON.stringify(path)})
    ${useClient}`,
}

it.each(['index.mjs', 'index.cjs'] as const)(
  '%s as published loads neither undici nor zod before the first call',
  async (file) => {
    const script = scripts[file](join(folder, file))
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', string[]>
    expect(before).toEqual([])
    expect(after).toContain('zod')
  },
)
