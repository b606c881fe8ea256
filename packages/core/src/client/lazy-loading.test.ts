import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createScriptedTransport } from '../testing/scripted-transport'
import { anyOpen } from '../testing/test-client'

const loaded: string[] = []

/** The factories run when a module is first imported, so they tell the moment. */
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
  watch('undici/lib/dispatcher/agent.js')
  watch('@opentelemetry/api')
  watch('tls-sig-api-v2')
})

describe('the heavy dependencies', () => {
  it('C25: are not loaded by importing the package or making a client', async () => {
    const { cssStream, createIvhClient } = await import('../index')
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
    await expect(ivh.statSession({ SessionId: 'm1' })).rejects.toThrow(/No answer/)
    expect(loaded.sort()).toEqual(['undici/lib/dispatcher/agent.js', 'zod'])
  })

  it('undici is not loaded at all with a transport of one’s own', async () => {
    const { createIvhClient } = await import('../index')
    const transport = createScriptedTransport()
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport })
    await ivh.statSession({ SessionId: 'm1' })
    expect(loaded).toEqual(['zod'])
  })

  it('are loaded by preload, and nothing is left for the first call to load', async () => {
    const { createIvhClient } = await import('../index')
    const baseUrl = 'http://127.0.0.1:1'
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl })
    await ivh.preload()
    const preloaded = loaded.splice(0).sort()
    expect(preloaded).toEqual(['undici', 'undici/lib/dispatcher/agent.js', 'zod'])
    await expect(ivh.sessions.open({ ...anyOpen })).rejects.toThrow(/No answer/)
    await ivh.withOptions({ timeoutMs: 1 }).preload()
    expect(loaded).toEqual([])
  })

  it('undici is not loaded by preload either with a transport of one’s own', async () => {
    const { createIvhClient } = await import('../index')
    const transport = createScriptedTransport()
    const webSocket = vi.fn()
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport, webSocket })
    await ivh.preload()
    expect(loaded).toEqual(['zod'])
  })

  it('the plain part of the protocol needs no zod', async () => {
    await import('../protocol/plain')
    expect(loaded).toEqual([])
  })
})
