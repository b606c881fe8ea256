import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIvhClient } from './client/create-client'
import { anyOpen, createTestClient, rejection } from './testing/test-client'

afterEach(() => vi.unstubAllGlobals())

/** Complaints about other SDKs in this field that no other test covers. */
describe('a client', () => {
  it('C1: closes the session that arrives after an abort of open', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 50 })
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(10)
    controller.abort()
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'abort' })
    expect(transport.created).toBe(1)
    expect(transport.live.size).toBe(0)
  })

  it('C2: closes its sessions on the server when it is disposed', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const opening = ivh.sessions.open(anyOpen)
    await clock.drain()
    await opening
    expect(transport.live.size).toBe(1)
    const closing = ivh[Symbol.asyncDispose]()
    await clock.drain()
    await closing
    expect(transport.live.size).toBe(0)
    expect(transport.endpoints().at(-1)).toBe('closesession')
  })

  it('C7: resumes a running session after a restart', async () => {
    const first = await createTestClient()
    const opening = first.ivh.sessions.open(anyOpen)
    await first.clock.drain()
    const { id } = await opening
    const resuming = first.ivh.sessions.resume(id)
    await first.clock.drain()
    expect((await resuming).playback.rtmp).toContain(id)
  })

  it.each([110013, 110018])(
    'C11: treats closing an already closed session (%i) as a success',
    async (code) => {
      const { ivh, clock, lines } = await createTestClient({
        script: { closesession: () => ({ code }) },
      })
      const opening = ivh.sessions.open(anyOpen)
      await clock.drain()
      const closing = (await opening).close()
      await clock.drain()
      await closing
      expect(lines).toEqual([])
    },
  )

  it('C14: lets its owner close the session of a visitor', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const opening = ivh.sessions.open(anyOpen)
    await clock.drain()
    const { id } = await opening
    const ending = ivh.closeSession({ SessionId: id })
    await clock.drain()
    await ending
    expect(transport.live.size).toBe(0)
  })

  it('C15: refuses to run in a browser, which would expose its keys', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(() => createIvhClient({ appKey: 'k', accessToken: 't' })).toThrow(
      /must not run in a browser/,
    )
  })

  it('C20: publishes no sources and depends on undici and zod only', async () => {
    const manifest: unknown = JSON.parse(
      await readFile(new URL('../package.json', import.meta.url), 'utf8'),
    )
    expect(manifest).toMatchObject({ sideEffects: false })
    expect(manifest).not.toHaveProperty('scripts.postinstall')
    const { files, dependencies } = Object(manifest)
    expect(files).not.toContain('src')
    expect(Object.keys(dependencies).sort()).toEqual(['undici', 'zod'])
  })

  it('C20: packs no sources, tests or examples and stays below 1 MB', async () => {
    const cwd = fileURLToPath(new URL('..', import.meta.url))
    const arguments_ = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = await promisify(execFile)('npm', arguments_, { cwd })
    const [{ files, unpackedSize }] = JSON.parse(stdout)
    const paths: string[] = files.map(({ path }: { path: string }) => path)
    const allowed =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|bin\/[\w-]+\.(mjs|js)|(css|doctor|protocol|schemas|signing|telemetry|trtc)\/package\.json|dist\/[\w./-]+\.(mjs|cjs|d\.mts|d\.cts))$/
    expect(paths.filter((path) => !allowed.test(path))).toEqual([])
    expect(paths).toContain('package.json')
    // Expect less than 1 MB: readable code and types for both module systems take 0.9 MB.
    expect(unpackedSize).toBeLessThan(1_000_000)
  }, 30_000)

  it('C21: names the path of the wrong field in an unexpected response, and hides secrets', async () => {
    const payload = {
      Sessions: [{ UserId: 7, SessionId: 'm', SessionStatus: 1, TrtcUserSig: 's3cret' }],
    }
    const { ivh, clock } = await createTestClient({
      script: { listsessionofuin: () => ({ payload }) },
    })
    const error = rejection(ivh.listSessionOfUin())
    await clock.drain()
    expect(await error).toMatchObject({
      kind: 'response-shape',
      message: expect.stringContaining('Payload.Sessions.0.UserId'),
    })
    expect(JSON.stringify(await error)).not.toContain('s3cret')
  })
})
