import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createScriptedTransport } from '../testing/scripted-transport'

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
  watch('@opentelemetry/api')
  watch('tls-sig-api-v2')
})

describe('the heavy dependencies', () => {
  it('are not loaded by importing the package or making a client', async () => {
    const { cssStream, createIvhClient, telemetry, trtcRoom } = await import('../index')
    const signer = { push: vi.fn(), play: vi.fn() }
    const trtc = trtcRoom({ sdkAppId: 1_400_000_000, secretKey: 'k' })
    const plugins = [telemetry(), cssStream({ signer }), trtc]
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', plugins })
    await ivh.close()
    expect(loaded).toEqual([])
  })

  it('are loaded by the first call', async () => {
    const { createIvhClient } = await import('../index')
    const baseUrl = 'http://127.0.0.1:1'
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl })
    await expect(ivh.statSession({ SessionId: 'm1' })).rejects.toThrow(/No answer/)
    expect(loaded.sort()).toEqual(['undici', 'zod'])
  })

  it('undici is not loaded at all with a transport of one’s own', async () => {
    const { createIvhClient } = await import('../index')
    const transport = createScriptedTransport()
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport })
    await ivh.statSession({ SessionId: 'm1' })
    expect(loaded).toEqual(['zod'])
  })

  it('those of a plugin are loaded when it needs them', async () => {
    const { createIvhClient, telemetry, trtcRoom } = await import('../index')
    const transport = createScriptedTransport()
    const trtc = trtcRoom({ sdkAppId: 1_400_000_000, secretKey: 'k' })
    const plugins = [telemetry(), trtc]
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', transport, plugins })
    await ivh.statSession({ SessionId: 'm1' })
    expect(loaded.sort()).toEqual(['@opentelemetry/api', 'zod'])
    const open = { assetVirtualmanKey: 'a', userId: 'u1', protocol: 'trtc' } as const
    await (await ivh.sessions.open(open)).close()
    expect(loaded.sort()).toEqual(['@opentelemetry/api', 'tls-sig-api-v2', 'zod'])
  })

  it('the plain part of the protocol needs no zod', async () => {
    await import('../protocol/plain')
    expect(loaded).toEqual([])
  })
})
