import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
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
  const plugins = [core.trtcRoom({ sdkAppId: 1400000000, secretKey: 'k' })]
  for (const list of [[core.telemetry()], plugins]) {
    const ivh = core.createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: 'http://127.0.0.1:1', plugins: list })
    const open = { assetVirtualmanKey: 'a', userId: 'u', protocol: 'trtc' }
    await ivh.sessions.open(open).catch((error) => messages.push(error.message))
  }
  console.log(JSON.stringify({ before, after, messages }))
`

/** A hook is told of every specifier; it runs on a thread of its own, so it shares what it heard. */
const hook = `
  let heard
  export const initialize = (shared) => { heard = new Int32Array(shared) }
  export const resolve = (specifier, context, next) => {
    const at = ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].indexOf(specifier)
    if (at >= 0) Atomics.store(heard, at, 1)
    // As if nobody had installed the optional ones.
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
    const heard = new Int32Array(new SharedArrayBuffer(16))
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}), { data: heard.buffer })
    const loaded = () =>
      ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].filter((_name, at) => Atomics.load(heard, at))
    const core = await import(${JSON.stringify(path)})
    ${useClient}`,
  'index.cjs': (path: string) => `
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    const loaded = () => ['undici', 'zod', '@opentelemetry/api', 'tls-sig-api-v2'].filter((name) =>
      Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')))
    const core = require(${JSON.stringify(path)})
    ${useClient}`,
}

it.each(['index.mjs', 'index.cjs'] as const)(
  '%s as published loads nothing heavy before it is needed, and tells what is not installed',
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
    // `require` does not pass by the hook, so there the optional ones are found.
    if (file === 'index.cjs') return
    expect(messages).toEqual([
      'Plugin "telemetry" failed in setup: telemetry() needs the package @opentelemetry/api, which is not installed. Run: npm install @opentelemetry/api.',
      'Plugin "trtc-room" failed in onOpen: trtcRoom() needs the package tls-sig-api-v2, which is not installed. Run: npm install tls-sig-api-v2.',
    ])
  },
)

it('the index holds no character that doubles what V8 reads, and nothing that only sessions need', async () => {
  const text = (file: string) => readFile(join(folder, file), 'utf8')
  const onlyForSessions = /\b(?:CommandChannel|ReadinessPoller|SpeechQueue) = class\b/
  const index = await text('index.mjs')
  expect([...index].filter((character) => character > '\u00ff')).toEqual([])
  expect(index).not.toMatch(onlyForSessions)
  const opener = (await readdir(folder)).find((file) => /^session-opener.*\.mjs$/.test(file))
  expect(await text(opener ?? '')).toMatch(onlyForSessions)
})
