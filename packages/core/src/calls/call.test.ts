import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  IvhAbortError,
  IvhApiError,
  IvhConfigError,
  IvhResponseShapeError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
} from '../errors'
import { sign } from '../signing/sign-query'
import type { ScriptedAnswer } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'

const asset = { AssetVirtualmanKey: 'a', UserId: 'u1', Protocol: 'rtmp', DriverType: 1 } as const
const one = { SessionId: 'm1' }

/** The error of a statsession that is answered so. */
async function answered(answer: ScriptedAnswer) {
  const { ivh, clock } = await createTestClient({ script: { statsession: () => answer } })
  const error = rejection(ivh.statSession(one))
  await clock.advance(1)
  return error
}
const raw = (status: number, body: string) => answered({ raw: { status, body } })

describe('a call', () => {
  it('is a signed POST with both parts of the envelope', async () => {
    const { ivh, clock, transport } = await createTestClient(
      {},
      { baseUrl: 'https://ivh.example.com/proxy' },
    )
    const answer = ivh.createSessionByAsset({ ...asset, SpeechParam: { Speed: 110 } })
    await clock.advance(1)
    expect(await answer).toEqual({
      ReqId: '00000000000000000000000000000001',
      SessionId: 'm1',
      SessionStatus: 3,
    })
    const timestamp = String(Date.UTC(2026, 0, 1) / 1000)
    const signature = sign({ appkey: 'example_appkey', timestamp }, 'example_accesstoken')
    const [{ request } = expect.fail('nothing was sent')] = transport.calls
    expect(request.origin).toBe('https://ivh.example.com')
    expect(request.path).toBe(
      `/proxy/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset?appkey=example_appkey&timestamp=${timestamp}&signature=${encodeURIComponent(signature)}`,
    )
    expect(request.headers).toEqual({ 'content-type': 'application/json;charset=utf-8' })
    expect(JSON.parse(request.body)).toEqual({
      Header: {},
      Payload: {
        ...asset,
        ReqId: '00000000000000000000000000000001',
        SpeechParam: { Speed: 110 },
      },
    })
  })

  it('keeps the ReqId it was given, and the fields it does not know', async () => {
    const ReqId = 'abcdefabcdefabcdefabcdefabcdefab'
    const payload = { ReqId, SessionStatus: 1, Tomorrow: { kept: true } }
    const { ivh, clock, transport } = await createTestClient({
      script: { statsession: () => ({ payload }) },
    })
    const answer = ivh.statSession({ ...one, ReqId })
    await clock.advance(1)
    expect(await answer).toEqual(payload)
    expect(transport.calls[0]?.payload).toEqual({ ...one, ReqId })
  })

  it('is one per method of the client', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { gettrtcsign: () => ({ payload: { UserSig: 's', PrivateMapKey: 'p' } }) },
    })
    const { AssetVirtualmanKey: _, ...common } = asset
    const all = Promise.all([
      ivh.createSession({ ...common, UserId: 'u2', VirtualmanProjectId: 'p1' }),
      ivh.createSessionByAsset(asset),
      ivh.statSession(one),
      ivh.startSession(one),
      ivh.closeSession(one),
      ivh.listSessionOfUin(),
      ivh.listSessionOfProjectId({ VirtualmanProjectId: 'p1' }),
      ivh.listSessionOfAssetVk({ AssetVirtualmanKey: 'a' }),
      ivh.updateSessionConfig({ ...one, ImageParam: { ImageHorizontalOffset: 10 } }),
      ivh.getTrtcSign({ ...one, UserId: 'visitor', RoomId: 7 }),
      ivh.command({ ...one, Command: 'SEND_TEXT', Data: { Text: 'Hello' } }),
    ])
    await clock.advance(1)
    expect(await all).toHaveLength(11)
    expect(transport.endpoints()).toEqual([
      'createsession',
      'createsessionbyasset',
      'statsession',
      'startsession',
      'closesession',
      'listsessionofuin',
      'listsessionofprojectid',
      'listsessionofassetvk',
      'updatesessionconfig',
      'gettrtcsign',
      'command',
    ])
  })

  it('is not sent when its payload breaks the rules', async () => {
    const { ivh, transport } = await createTestClient()
    const error = await rejection(ivh.createSessionByAsset({ ...asset, UserId: '' }))
    expect(error).toBeInstanceOf(IvhValidationError)
    expect(error).toMatchObject({
      issues: [{ path: 'Payload.UserId', message: 'must not be empty' }],
      message: expect.stringContaining(
        'Payload.UserId must not be empty (call createsessionbyasset',
      ),
    })
    expect(transport.calls).toEqual([])
  })

  it('is what it was when it was made: on first use the schemas are waited for', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const layer = { Url: 'https://img.example.com/1.png' }
    const payload = { ...asset, Backgrounds: [layer] }
    const byPath = { SessionId: 'm1', Deep: { a: 1 } }
    const calls = Promise.all([
      ivh.createSessionByAsset(payload),
      ivh.call('/v2/ivh/x/pausesession', byPath),
    ])
    payload.UserId = 'u1 changed' as 'u1'
    layer.Url = 'https://img.example.com/2.png'
    byPath.SessionId = 'm2'
    byPath.Deep.a = 2
    await clock.advance(1)
    await calls
    expect(transport.calls.map((call) => call.payload)).toMatchObject([
      { UserId: 'u1', Backgrounds: [{ Url: 'https://img.example.com/1.png' }] },
      { SessionId: 'm1', Deep: { a: 1 } },
    ])
  })

  it.each([[{ ReqId: 5 }], [{ UserId: () => 'u' }]])(
    'without types is told of %o, also on first use',
    async (wrong) => {
      const { ivh } = await createTestClient()
      for (const _use of ['first', 'second']) {
        const error = await rejection(ivh.createSessionByAsset({ ...asset, ...wrong } as never))
        expect(error).toBeInstanceOf(IvhValidationError)
        const [field] = Object.keys(wrong)
        expect(error).toMatchObject({
          message: expect.stringContaining(`Payload.${field} must be of type string`),
        })
      }
    },
  )

  it('explains a payload that a caller without types left out', async () => {
    const { ivh } = await createTestClient()
    const untyped: { statSession(): Promise<unknown> } = Object(ivh)
    await expect(untyped.statSession()).rejects.toThrow(/Payload\.SessionId is required/)
  })

  it('warns once of the shared TRTC app, and not of your own', async () => {
    const { ivh, clock, lines } = await createTestClient()
    const trtc = { ...asset, Protocol: 'trtc' } as const
    const ProtocolOption = {
      TrtcUseExternalApp: true,
      TrtcAppId: '14',
      TrtcRoomId: 1,
      TrtcUserSig: 's',
      TrtcPrivateMapKey: 'dummy',
    }
    const own = ivh.createSessionByAsset({ ...trtc, ProtocolOption })
    await clock.advance(1)
    await own
    expect(lines).toEqual([])
    const shared = Promise.all([ivh.createSessionByAsset(trtc), ivh.createSessionByAsset(trtc)])
    await clock.advance(1)
    await shared
    expect(lines).toEqual([expect.stringMatching(/shared TRTC app.*debugging only/)])
  })
})

describe('a refusal', () => {
  it('says code, meaning, message, call and next step', async () => {
    const error = await answered({ code: 110018, message: 'SessionNotFound:no m1' })
    expect(error).toBeInstanceOf(IvhApiError)
    expect(error).toMatchObject({
      code: 110018,
      retry: 'recreate',
      serverMessage: 'SessionNotFound:no m1',
      requestId: 'gz01',
      reqId: '00000000000000000000000000000001',
      sessionId: 'm1',
      path: '/v2/ivh/sessionmanager/sessionmanagerservice/statsession',
      message:
        'IVH answered 110018, the session does not exist: SessionNotFound:no m1 (call statsession, SessionId m1, RequestID gz01, ReqId 00000000000000000000000000000001). Check the SessionId; create a new session.',
    })
  })

  it('of an unknown code loses nothing but secrets: status, payload and number are there', async () => {
    const body =
      '{"Header":{"Code":424242},"Payload":{"Quota":7,"txSecret":"f85a","Deep":[{"a":1}]}}'
    expect(await answered({ raw: { status: 418, body } })).toMatchObject({
      ...{ code: 424242, category: 'unknown', status: 418 },
      payload: { Quota: 7, txSecret: '[redacted]', Deep: [{ a: 1 }] },
    })
    const bare = { raw: { status: 200, body: '{"Header":{"Code":5},"Payload":null}' } }
    expect(await answered(bare)).toMatchObject({ status: 200, payload: undefined })
  })

  it.each([
    ['without Message', 200, '{"Header":{"Code":5},"Payload":null}', 5],
    ['with a bad status as well', 403, '{"Header":{"Code":100005}}', 100005],
  ])('is understood %s', async (_name, status, body, code) => {
    expect(await raw(status, body)).toMatchObject({ kind: 'api', code })
  })
})

describe('a call by path', () => {
  const path = '/v2/ivh/sessionmanager/sessionmanagerservice/pausesession'

  it('adds the ReqId and hands the payload over as it came', async () => {
    const body = '{"Header":{"Code":0},"Payload":{"Anything":[1,null]}}'
    const { ivh, clock, transport } = await createTestClient({
      script: { pausesession: () => ({ raw: { status: 200, body } }) },
    })
    const answer = ivh.call(path, { SessionId: 'm1', New: true })
    await clock.advance(1)
    expect(await answer).toEqual({ Anything: [1, null] })
    expect(transport.calls[0]?.request.path).toMatch(/pausesession\?appkey=.*&signature=/)
    expect(transport.calls[0]?.payload).toEqual({
      SessionId: 'm1',
      New: true,
      ReqId: '00000000000000000000000000000001',
    })
  })

  it('keeps the ReqId it was given, and needs no payload', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const ReqId = 'abcdefabcdefabcdefabcdefabcdefab'
    const both = Promise.all([ivh.call(path, { ReqId }), ivh.call(path)])
    await clock.advance(1)
    await both
    expect(transport.calls.map(({ payload }) => payload)).toEqual([
      { ReqId },
      { ReqId: '00000000000000000000000000000001' },
    ])
  })

  it('fails like the others', async () => {
    const { ivh, clock } = await createTestClient({
      script: { pausesession: () => ({ code: 110018 }) },
    })
    const error = rejection(ivh.call(path, { SessionId: 'm1' }))
    await clock.advance(1)
    expect(await error).toBeInstanceOf(IvhApiError)
    expect(await error).toMatchObject({ code: 110018, path, sessionId: 'm1', attempt: 1 })
  })

  it.each([
    '/v1/x',
    'v2/x',
    '/v2/',
    '/v2',
    '/v2/x?a=1',
    '/v2/../x',
    '/v2/x/',
    '//h/v2/x',
    '/v2//x',
  ])('refuses the path %j before anything is sent', async (wrong) => {
    const { ivh, transport } = await createTestClient()
    expect(await rejection(ivh.call(wrong))).toBeInstanceOf(IvhValidationError)
    expect(transport.calls).toEqual([])
  })
})

describe('an answer that is none', () => {
  it.each([
    ['a bad status', 502, 'Bad gateway', /HTTP status 502: Bad gateway.*baseUrl/, 502],
    ['an empty body', 500, '', /HTTP status 500: \(empty body\)/, 500],
    ['a bad status with other JSON', 404, '{"error":1}', /HTTP status 404: \{"error":1\}/, 404],
    [
      'a success with a bad status',
      500,
      '{"Header":{"Code":0},"Payload":{}}',
      /HTTP status 500/,
      500,
    ],
    ['a page', 200, '<html>', /not JSON: <html>.*baseUrl/, 200],
  ])('%s is told with its status', async (_name, status, body, message, expected) => {
    const error = await raw(status, body)
    expect(error).toBeInstanceOf(IvhTransportError)
    expect(error).toMatchObject({ status: expected, message: expect.stringMatching(message) })
  })

  it('is cut short and without secrets in the message', async () => {
    const error = await raw(502, `/p?signature=S3cret&a ${'x'.repeat(5_000)}`)
    expect(error).toMatchObject({ message: expect.not.stringContaining('S3cret') })
    expect(error instanceof Error && error.message.length).toBeLessThan(700)
  })

  it('of another 2xx status is taken when it is an envelope', async () => {
    const body = '{"Header":{"Code":0},"Payload":{"SessionStatus":1}}'
    const { ivh, clock } = await createTestClient({
      script: { statsession: () => ({ raw: { status: 201, body } }) },
    })
    const answer = ivh.statSession(one)
    await clock.advance(1)
    expect(await answer).toEqual({ SessionStatus: 1 })
  })

  it('keeps what the network said as its cause', async () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
    const error = await answered({ fail: cause })
    expect(error).toBeInstanceOf(IvhTransportError)
    expect(error).toMatchObject({
      cause,
      status: undefined,
      message: expect.stringContaining(
        'No response from https://gw-sg.tvs.qq.com: connect refused (ECONNREFUSED) (call statsession',
      ),
    })
  })

  const unspeakable = {
    'no text': Object.create(null),
    'a message that throws': Object.defineProperty(new Error('x'), 'message', {
      get: () => expect.fail('asked'),
    }),
    'an inspection that throws': {
      [Symbol.for('nodejs.util.inspect.custom')]: () => expect.fail('asked'),
      toString: () => 'down',
    },
    'a member that throws': Object.defineProperty({}, 'code', {
      enumerable: true,
      get: () => expect.fail('asked'),
    }),
  }
  it.each(['down', undefined, null, Symbol('down'), ...Object.values(unspeakable)])(
    'copes with what is no Error, and with what cannot even be looked at: case %#',
    async (fail) => {
      expect(await answered({ fail })).toMatchObject({
        kind: 'transport',
        message: expect.stringMatching(/^No response from https:.*: .+ \(call statsession/),
      })
    },
  )
})

describe('an answer of another shape', () => {
  it.each([
    ['no envelope', '[]', /Response must be of type object, not array/],
    ['no Header', '{"Payload":{}}', /Response\.Header is required/],
    ['no Code', '{"Header":{}}', /Response\.Header\.Code is required/],
    ['no Payload', '{"Header":{"Code":0}}', /Payload\.SessionStatus is required/],
    [
      'a null Payload',
      '{"Header":{"Code":0},"Payload":null}',
      /Payload\.SessionStatus is required/,
    ],
    [
      'a wrong field',
      '{"Header":{"Code":0},"Payload":{"SessionStatus":"1"}}',
      /Payload\.SessionStatus must be of type number, not string/,
    ],
  ])('%s is told with its path', async (_name, body, message) => {
    const error = await raw(200, body)
    expect(error).toBeInstanceOf(IvhResponseShapeError)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
  })

  it('is kept in the error, secrets hidden', async () => {
    const address = 'room://1?userSig=S3cret&appId=2'
    const error = await raw(200, `{"Header":{"Code":0},"Payload":{"PlayStreamAddr":"${address}"}}`)
    expect(error).toMatchObject({
      body: { Payload: { PlayStreamAddr: 'room://1?userSig=[redacted]&appId=2' } },
    })
  })
})

describe('time and signal', () => {
  const slow = { latencyMs: () => 60_000 }

  it('the client’s time-out ends a call', async () => {
    const { ivh, clock } = await createTestClient(slow, { timeoutMs: 5_000 })
    const error = rejection(ivh.statSession(one))
    await clock.advance(5_000)
    expect(await error).toBeInstanceOf(IvhTimeoutError)
    expect(await error).toMatchObject({
      timeoutMs: 5_000,
      sessionId: 'm1',
      message: expect.stringMatching(/within 5000 ms \(call statsession.*may have taken effect/),
    })
    expect(clock.pending).toBe(0)
  })

  it('the call’s own time-out wins', async () => {
    const { ivh, clock } = await createTestClient(slow)
    const error = rejection(ivh.statSession(one, { timeoutMs: 100 }))
    await clock.advance(100)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 100 })
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the time-out %s',
    async (timeoutMs) => {
      const { ivh, transport } = await createTestClient()
      expect(await rejection(ivh.statSession(one, { timeoutMs }))).toBeInstanceOf(IvhConfigError)
      expect(transport.calls).toEqual([])
    },
  )

  it('the signal ends a call at once, and its reason is the cause', async () => {
    const { ivh, clock, transport } = await createTestClient(slow)
    const controller = new AbortController()
    const error = rejection(ivh.statSession(one, { signal: controller.signal }))
    await clock.advance(1)
    const reason = new Error('the visitor left')
    controller.abort(reason)
    expect(await error).toBeInstanceOf(IvhAbortError)
    expect(await error).toMatchObject({ cause: reason, sessionId: 'm1' })
    expect(transport.calls[0]?.signal.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('a signal that has fired already sends nothing', async () => {
    const { ivh, transport } = await createTestClient()
    const error = await rejection(ivh.statSession(one, { signal: AbortSignal.abort() }))
    expect(error).toBeInstanceOf(IvhAbortError)
    expect(transport.calls).toEqual([])
  })

  it('a thousand calls leave nothing on one signal', async () => {
    const refuse = { statsession: () => ({ code: 100012 }), startsession: () => ({ fail: 'down' }) }
    const { ivh, clock } = await createTestClient({ script: refuse })
    const { signal } = new AbortController()
    const own = () => {}
    signal.addEventListener('abort', own)
    const calls = Array.from(
      { length: 1_000 },
      (_, index) => [ivh.statSession, ivh.startSession, ivh.command, ivh.createSession][index % 4],
    ).map((call) => Promise.resolve(call && Reflect.apply(call, ivh, [one, { signal }])))
    const settled = Promise.allSettled(calls)
    await clock.advance(20_000)
    expect(await settled).toHaveLength(1_000)
    expect(getEventListeners(signal, 'abort')).toEqual([own])
    expect(clock.pending).toBe(0)
  })
})
