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
import type { ScriptedResponse } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'

const asset = { AssetVirtualmanKey: 'a', UserId: 'u1', Protocol: 'rtmp', DriverType: 1 } as const
const one = { SessionId: 'm1' }

/** Calls statSession against a service that sends this response, and returns the error. */
async function statError(response: ScriptedResponse) {
  const { ivh, clock } = await createTestClient({ script: { statsession: () => response } })
  const error = rejection(ivh.statSession(one))
  await clock.advance(1)
  return error
}
const raw = (status: number, body: string) => statError({ raw: { status, body } })

describe('a call', () => {
  it('sends a signed POST with Header and Payload', async () => {
    const { ivh, clock, transport } = await createTestClient(
      {},
      { baseUrl: 'https://ivh.example.com/proxy' },
    )
    const response = ivh.createSessionByAsset({ ...asset, SpeechParam: { Speed: 110 } })
    await clock.advance(1)
    expect(await response).toEqual({
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

  it('keeps the given ReqId and unknown response fields', async () => {
    const ReqId = 'abcdefabcdefabcdefabcdefabcdefab'
    const payload = { ReqId, SessionStatus: 1, Tomorrow: { kept: true } }
    const { ivh, clock, transport } = await createTestClient({
      script: { statsession: () => ({ payload }) },
    })
    const response = ivh.statSession({ ...one, ReqId })
    await clock.advance(1)
    expect(await response).toEqual(payload)
    expect(transport.calls[0]?.payload).toEqual({ ...one, ReqId })
  })

  it('reaches the endpoint of each client method', async () => {
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

  it('sends nothing when its payload is invalid', async () => {
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

  it('copies its payload at once, before the schemas are loaded', async () => {
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
    'rejects the wrong type in %o on the first and on later uses',
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

  it('names the required field when an untyped caller passes no payload', async () => {
    const { ivh } = await createTestClient()
    const untyped: { statSession(): Promise<unknown> } = Object(ivh)
    await expect(untyped.statSession()).rejects.toThrow(/Payload\.SessionId is required/)
  })

  it('warns once about the shared TRTC app, and not about an external app', async () => {
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

describe('an API error', () => {
  it('states the code, meaning, message, call and hint', async () => {
    const error = await statError({ code: 110018, message: 'SessionNotFound:no m1' })
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

  it('keeps the status and the payload when its code is unknown, and redacts the secrets', async () => {
    const body =
      '{"Header":{"Code":424242},"Payload":{"Quota":7,"txSecret":"f85a","Deep":[{"a":1}]}}'
    expect(await statError({ raw: { status: 418, body } })).toMatchObject({
      ...{ code: 424242, category: 'unknown', status: 418 },
      payload: { Quota: 7, txSecret: '[redacted]', Deep: [{ a: 1 }] },
    })
    const bare = { raw: { status: 200, body: '{"Header":{"Code":5},"Payload":null}' } }
    expect(await statError(bare)).toMatchObject({ status: 200, payload: undefined })
  })

  it.each([
    ['without a Message', 200, '{"Header":{"Code":5},"Payload":null}', 5],
    ['with a failed HTTP status', 403, '{"Header":{"Code":100005}}', 100005],
  ])('is recognised in a response %s', async (_name, status, body, code) => {
    expect(await raw(status, body)).toMatchObject({ kind: 'api', code })
  })
})

describe('client.call', () => {
  const path = '/v2/ivh/sessionmanager/sessionmanagerservice/pausesession'

  it('adds the ReqId and returns the payload unchanged', async () => {
    const body = '{"Header":{"Code":0},"Payload":{"Anything":[1,null]}}'
    const { ivh, clock, transport } = await createTestClient({
      script: { pausesession: () => ({ raw: { status: 200, body } }) },
    })
    const response = ivh.call(path, { SessionId: 'm1', New: true })
    await clock.advance(1)
    expect(await response).toEqual({ Anything: [1, null] })
    expect(transport.calls[0]?.request.path).toMatch(/pausesession\?appkey=.*&signature=/)
    expect(transport.calls[0]?.payload).toEqual({
      SessionId: 'm1',
      New: true,
      ReqId: '00000000000000000000000000000001',
    })
  })

  it('keeps the given ReqId and accepts a missing payload', async () => {
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

  it('rejects with an IvhApiError like the other methods', async () => {
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
  ])('rejects the path %j before anything is sent', async (wrong) => {
    const { ivh, transport } = await createTestClient()
    expect(await rejection(ivh.call(wrong))).toBeInstanceOf(IvhValidationError)
    expect(transport.calls).toEqual([])
  })
})

describe('responses and network errors', () => {
  it.each([
    ['a failed HTTP status', 502, 'Bad gateway', /HTTP status 502: Bad gateway.*baseUrl/, 502],
    ['an empty body', 500, '', /HTTP status 500: \(empty body\)/, 500],
    [
      'a failed HTTP status with other JSON',
      404,
      '{"error":1}',
      /HTTP status 404: \{"error":1\}/,
      404,
    ],
    [
      'a success code with a failed HTTP status',
      500,
      '{"Header":{"Code":0},"Payload":{}}',
      /HTTP status 500/,
      500,
    ],
    ['an HTML page', 200, '<html>', /not JSON: <html>.*baseUrl/, 200],
  ])('reports the HTTP status of %s', async (_name, status, body, message, expected) => {
    const error = await raw(status, body)
    expect(error).toBeInstanceOf(IvhTransportError)
    expect(error).toMatchObject({ status: expected, message: expect.stringMatching(message) })
  })

  it('shortens and redacts the response body in the message', async () => {
    const error = await raw(502, `/p?signature=S3cret&a ${'x'.repeat(5_000)}`)
    expect(error).toMatchObject({ message: expect.not.stringContaining('S3cret') })
    expect(error instanceof Error && error.message.length).toBeLessThan(700)
  })

  it('accepts an envelope with status 201', async () => {
    const body = '{"Header":{"Code":0},"Payload":{"SessionStatus":1}}'
    const { ivh, clock } = await createTestClient({
      script: { statsession: () => ({ raw: { status: 201, body } }) },
    })
    const response = ivh.statSession(one)
    await clock.advance(1)
    expect(await response).toEqual({ SessionStatus: 1 })
  })

  it('keeps the network error as the cause', async () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
    const error = await statError({ fail: cause })
    expect(error).toBeInstanceOf(IvhTransportError)
    expect(error).toMatchObject({
      cause,
      status: undefined,
      message: expect.stringContaining(
        'No response from https://gw-sg.tvs.qq.com: connect refused (ECONNREFUSED) (call statsession',
      ),
    })
  })

  const uninspectable = {
    'no string form': Object.create(null),
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
  it.each(['down', undefined, null, Symbol('down'), ...Object.values(uninspectable)])(
    'reports a thrown value that is not an Error or cannot be inspected: case %#',
    async (fail) => {
      expect(await statError({ fail })).toMatchObject({
        kind: 'transport',
        message: expect.stringMatching(/^No response from https:.*: .+ \(call statsession/),
      })
    },
  )
})

describe('a response of an unexpected shape', () => {
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
  ])('is rejected with the path of the wrong field: %s', async (_name, body, message) => {
    const error = await raw(200, body)
    expect(error).toBeInstanceOf(IvhResponseShapeError)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
  })

  it('is kept in the error, and its secrets are redacted', async () => {
    const address = 'room://1?userSig=S3cret&appId=2'
    const error = await raw(200, `{"Header":{"Code":0},"Payload":{"PlayStreamAddr":"${address}"}}`)
    expect(error).toMatchObject({
      body: { Payload: { PlayStreamAddr: 'room://1?userSig=[redacted]&appId=2' } },
    })
  })
})

describe('the timeout and the signal of a call', () => {
  const slow = { latencyMs: () => 60_000 }

  it('reject a call after the client’s timeout', async () => {
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

  it('prefer the timeout of the call to the client’s timeout', async () => {
    const { ivh, clock } = await createTestClient(slow)
    const error = rejection(ivh.statSession(one, { timeoutMs: 100 }))
    await clock.advance(100)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 100 })
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'reject the timeout %s',
    async (timeoutMs) => {
      const { ivh, transport } = await createTestClient()
      expect(await rejection(ivh.statSession(one, { timeoutMs }))).toBeInstanceOf(IvhConfigError)
      expect(transport.calls).toEqual([])
    },
  )

  it('reject a call at once when the signal fires, with its reason as the cause', async () => {
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

  it('send nothing when the signal has already fired', async () => {
    const { ivh, transport } = await createTestClient()
    const error = await rejection(ivh.statSession(one, { signal: AbortSignal.abort() }))
    expect(error).toBeInstanceOf(IvhAbortError)
    expect(transport.calls).toEqual([])
  })

  it('leave no listener on a signal that 1,000 calls share', async () => {
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
