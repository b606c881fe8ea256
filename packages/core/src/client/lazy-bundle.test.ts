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

/** The bundler decides which file holds which module, so the test loads the built files. */
beforeAll(async () => {
  // Use a folder inside node_modules, so that zod and undici resolve and no other tool reads the files.
  folder = await mkdtemp(join(packageRoot, 'node_modules', '.lazy-bundle-'))
  for (const part of config) {
    await build({
      ...part,
      cwd: packageRoot,
      config: false,
      outDir: folder,
      clean: false,
      dts: false,
      exports: false,
      logLevel: 'silent',
    })
  }
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const useClient = `
  const ivh = core.createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: 'http://127.0.0.1:1' })
  const before = loaded()
  await ivh.statSession({ SessionId: 'm1' }).catch(() => {})
  const after = loaded()
  const messages = []
  const plugins = [trtc.trtcRoom({ sdkAppId: 1400000000, secretKey: 'k' })]
  for (const list of [[telemetry.telemetry()], plugins]) {
    const ivh = core.createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: 'http://127.0.0.1:1', plugins: list })
    const open = { assetVirtualmanKey: 'a', userId: 'u', protocol: 'trtc' }
    await ivh.sessions.open(open).catch((error) => messages.push(error.message))
  }
  console.log(JSON.stringify({ before, after, messages }))
`

/** A loader hook runs on its own thread, so it reports through shared memory. */
const hook = `
  let loadedFlags
  export const initialize = (shared) => { loadedFlags = new Int32Array(shared) }
  export const resolve = (specifier, context, next) => {
    const at = ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].indexOf(specifier)
    if (at >= 0) Atomics.store(loadedFlags, at, 1)
    // Pretend that the optional packages are not installed.
    if (at >= 2) {
      const error = new Error("Cannot find package '" + specifier + "' imported from x")
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
    }
    return next(specifier, context)
  }
`
const scripts = {
  'index.mjs': (path: string) => `
    import { register } from 'node:module'
    const loadedFlags = new Int32Array(new SharedArrayBuffer(16))
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}), { data: loadedFlags.buffer })
    const loaded = () =>
      ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].filter((_name, at) => Atomics.load(loadedFlags, at))
    const core = await import(${JSON.stringify(path)})
    const load = (name) => import(${JSON.stringify(path)}.replace('index.mjs', name + '.mjs'))
    const [trtc, telemetry] = await Promise.all([load('trtc'), load('telemetry')])
    ${useClient}`,
  'index.cjs': (path: string) => `
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    const loaded = () => ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].filter((name) =>
      Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')))
    const core = require(${JSON.stringify(path)})
    const load = (name) => require(${JSON.stringify(path)}.replace('index.cjs', name + '.cjs'))
    const [trtc, telemetry] = [load('trtc'), load('telemetry')]
    ${useClient}`,
}

it.each(['index.mjs', 'index.cjs'] as const)(
  '%s loads heavy dependencies only when needed, and names a missing optional package',
  async (file) => {
    const script = scripts[file](join(folder, file))
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    const { before, after, messages } = JSON.parse(stdout) as Record<
      'before' | 'after' | 'messages',
      string[]
    >
    expect(before).toEqual([])
    expect(after).toContain('zod')
    expect(after).not.toContain('@opentelemetry/api')
    expect(after).not.toContain('tls-sig-api-v2')
    // Skip `require`: it does not use the hook, so it finds the optional packages.
    if (file === 'index.cjs') return
    expect(messages).toEqual([
      'Plugin "telemetry" failed in setup: telemetry() needs the package @opentelemetry/api, which is not installed. Run: npm install @opentelemetry/api.',
      'Plugin "trtc-room" failed in onOpen: trtcRoom() needs the package tls-sig-api-v2, which is not installed. Run: npm install tls-sig-api-v2.',
    ])
  },
)
