import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createScriptedTransport } from '../testing/scripted-transport'
import { anyOpen } from '../testing/test-client'

const loaded: string[] = []

/** Records the first import of a module: its mock factory runs then. */
function watch(name: string): void {
  vi.doMock(name, async (importOriginal) => {
    loaded.push(name)
    return await importOriginal<object>()
  })
}

beforeEach(() => {
  vi.resetModules()
  loaded.length = 0
  watch('zod')
  watch('undici')
  watch('@opentelemetry/api')
  watch('tls-sig-api-v2')
})

describe('heavy dependencies', () => {
  it('C25: are not loaded by importing the package or creating a client', async () => {
    const { createIvhClient } = await import('../index')
    const { cssStream } = await import('../plugins/css')
    const signer = { push: vi.fn(), play: vi.fn() }
    const plugins = [cssStream({ signer })]
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', plugins })
    await ivh.close()
    expect(loaded).toEqual([])
  })

  it('are loaded by the first call', async () => {
    const { createIvhClient } = await import('../index')
    const baseUrl = 'http://127.0.0.1:1'
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl })
    await expect(ivh.statSession({ SessionId: 'm1' })).rejects.toThrow(/No response/)
    expect(loaded.sort()).toEqual(['undici', 'zod'])
  })

  it('leave undici unloaded when the client has its own transport', async () => {
    const { createIvhClient } = await import('../index')
    const transport = createScriptedTransport()
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport })
    await ivh.statSession({ SessionId: 'm1' })
    expect(loaded).toEqual(['zod'])
  })

  it('are loaded by preload, so that the first call loads nothing', async () => {
    const { createIvhClient } = await import('../index')
    const baseUrl = 'http://127.0.0.1:1'
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl })
    await ivh.preload()
    const preloaded = loaded.splice(0).sort()
    expect(preloaded).toEqual(['undici', 'zod'])
    await expect(ivh.sessions.open({ ...anyOpen })).rejects.toThrow(/No response/)
    await ivh.withOptions({ timeoutMs: 1 }).preload()
    expect(loaded).toEqual([])
  })

  it('leave undici unloaded after preload when the client has its own transport', async () => {
    const { createIvhClient } = await import('../index')
    const transport = createScriptedTransport()
    const webSocket = vi.fn()
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport, webSocket })
    await ivh.preload()
    expect(loaded).toEqual(['zod'])
  })

  it('are not loaded by the plain protocol module', async () => {
    await import('../protocol/plain')
    expect(loaded).toEqual([])
  })
})
