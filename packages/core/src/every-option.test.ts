import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIvhClient } from './client/create-client'
import type { SayOptions, SendAudioOptions } from './contracts/speech'
import type { IvhClientOptions } from './options/client-options'
import { type OpenByAssetOptions, toCreateDraft } from './sessions/opening/open-options'

import { openTestSession } from './testing/open-test-session'
import { createMemoryLogger, createScriptedTransport } from './testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from './testing/test-client'
import { createVirtualClock } from './testing/virtual-clock'

afterEach(() => vi.unstubAllGlobals())

type Every<Options> = { readonly [Name in keyof Options]-?: unknown }

describe('C12: every option', () => {
  it('of createIvhClient is read under its documented name', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    const transport = createScriptedTransport()
    const every: Every<IvhClientOptions> = {
      appKey: 'k',
      accessToken: 't',
      region: 'mainland',
      baseUrl: undefined,
      environment: 'private',
      headers: {},
      query: {},
      plugins: [],
      timeoutMs: 1,
      deadlineMs: 1,
      maxRetries: 0,
      polling: {},
      dispatcher: undefined,
      transport,
      webSocket: () => {
        throw new Error('not used')
      },
      clock: createVirtualClock(),
      random: () => 0,
      createId: () => '0',
      logger: createMemoryLogger(),
      dangerouslyAllowBrowser: true,
    }
    const read = new Set<PropertyKey>()
    const watched = new Proxy(every, {
      get(target, name) {
        if (typeof name === 'string') read.add(name)
        return Reflect.get(target, name)
      },
      // A copy would read every option and prove nothing, so it finds no enumerable one.
      getOwnPropertyDescriptor: (target, name) => ({
        ...Reflect.getOwnPropertyDescriptor(target, name),
        enumerable: false,
        configurable: true,
      }),
    })
    createIvhClient(watched as IvhClientOptions)
    expect([...read].sort()).toEqual(Object.keys(every).sort())
  })

  const controlOptions = {
    readyTimeoutMs: Number.NaN,
    pollIntervalMs: Number.NaN,
    waitForQuota: { timeoutMs: Number.NaN },
    channel: { heartbeatMs: Number.NaN },
    signal: AbortSignal.abort(),
  } as const

  const requestOptions: Omit<
    Every<OpenByAssetOptions>,
    keyof typeof controlOptions | 'onProgress' | Absent
  > = {
    userId: 'u2',
    protocol: 'webrtc',
    driverType: 3,
    cssCustomPushUrl: 'rtmp://h/live/m',
    trtc: { appId: '14', userSig: 's', privateMapKey: 'p' },
    sessionId: 's2',
    streamMaxIntervalMs: 3_000,
    alphaChannel: true,
    request: { Timeout: 180 },
    assetVirtualmanKey: 'a2',
    speech: { speed: 110 },
    backgrounds: [{ url: 'https://h/b.png' }],
    foregrounds: [{ url: 'https://h/f.png' }],
    anchor: { HorizontalPosition: 0.5 },
  }
  it.each(Object.entries(requestOptions))('open({ %s }) changes the request', (name, value) => {
    const changed = { ...anyOpen, [name]: value }
    expect(toCreateDraft(changed)).not.toEqual(toCreateDraft(anyOpen))
  })

  it.each(Object.entries(controlOptions))(
    'open({ %s }) rejects an invalid value',
    async (...given) => {
      const [name, value] = given
      const { ivh, transport } = await createTestClient()
      const error = await rejection(ivh.sessions.open({ ...anyOpen, [name]: value }))
      expect(error).toMatchObject({ kind: name === 'signal' ? 'abort' : 'config' })
      expect(transport.created).toBe(0)
    },
  )

  it('open({ onProgress }) calls its listener', async () => {
    const { ivh, clock } = await createTestClient()
    const phases: string[] = []
    const opening = ivh.sessions.open({ ...anyOpen, onProgress: ({ phase }) => phases.push(phase) })
    await clock.drain()
    await opening
    expect(phases.at(0)).toBe('creating')
    expect(phases.at(-1)).toBe('ready')
  })

  const sayOptions: Omit<Every<SayOptions>, Tested | 'mode'> = {
    chat: true,
    smartActions: true,
    interrupt: true,
    seiInfo: '{}',
  }
  it.each(Object.entries(sayOptions))('say({ %s }) changes the command', async (name, value) => {
    const { session, clock, service } = await openTestSession()
    session.say('Plain')
    await clock.advance(3_000)
    session.say('Plain', { [name]: value })
    await clock.advance(3_000)
    const [plain, changed] = service.commands.map(({ Data }) => Data)
    expect(changed).toBeDefined()
    expect(changed).not.toEqual(plain)
  })

  it('say({ mode }) changes how a stream is sent', async () => {
    async function* text() {
      yield 'A sentence. '
    }
    const sent = async (mode: 'sentence' | 'fragment') => {
      const { session, clock, service } = await openTestSession()
      session.say(text(), { mode })
      await clock.advance(2_000)
      return service.commands.map(({ Data }) => Data)
    }
    expect(await sent('fragment')).not.toEqual(await sent('sentence'))
  })

  const audioOptions: Omit<Every<SendAudioOptions>, Tested | 'interrupt'> = {
    live: true,
    seiInfo: '{}',
  }
  it('sendAudio({ live, seiInfo }) changes the commands and their times', async () => {
    async function* audio() {
      yield new Uint8Array(5_120 * 8)
    }
    const sent = async (options: SendAudioOptions) => {
      const { session, clock, service } = await openTestSession()
      session.sendAudio(audio(), options)
      await clock.advance(2_000)
      return service.commands.map(({ Data, at }) => ({ ...Data, at }))
    }
    const plain = await sent({})
    expect(await sent({ live: Boolean(audioOptions.live) })).not.toEqual(plain)
    expect(await sent({ seiInfo: String(audioOptions.seiInfo) })).not.toEqual(plain)
  })

  it.each(['say', 'sendAudio'] as const)(
    '%s({ signal, onProgress }) stops on abort and reports progress',
    async (method) => {
      async function* endless() {
        yield new Uint8Array(5_120)
        await new Promise(() => {})
      }
      const { session, clock } = await openTestSession()
      const controller = new AbortController()
      const steps: unknown[] = []
      const options = { signal: controller.signal, onProgress: (step: unknown) => steps.push(step) }
      const handle =
        method === 'say' ? session.say('Hi', options) : session.sendAudio(endless(), options)
      await clock.advance(500)
      controller.abort()
      await clock.advance(20_000)
      expect(await handle.finished).toEqual({ interrupted: true })
      expect(steps.length).toBeGreaterThan(0)
    },
  )
})

/** Tested in `every-session-option.test.ts`. */
type Absent = 'virtualmanProjectId'
/** `onUncertain` is tested in `recovery.test.ts`, the others below. */
type Tested = 'signal' | 'onProgress' | 'onUncertain'
