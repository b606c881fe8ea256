import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { definePlugin } from '../../contracts/plugin'
import {
  IvhAbortError,
  IvhApiError,
  IvhConfigError,
  IvhPluginError,
  IvhResponseShapeError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
} from '../../errors'
import type { ScriptedCall, ScriptedResponse } from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import type { ExtraRequest } from './extra-request'
import type { OpenProgress } from './open-options'

describe('sessions.open', () => {
  it('creates, polls, starts and returns a session with playback addresses', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 2 })
    const progress: OpenProgress[] = []
    const opening = ivh.sessions.open({
      ...anyOpen,
      onProgress: (step) => void progress.push(step),
    })
    await clock.advance(3_000)
    const session = await opening
    expect(session).toMatchObject({ id: 'm1', userId: 'u1', state: 'open' })
    expect(session.playback).toEqual({ rtmp: 'rtmp://liveplay.ivh.qq.com/live/m1' })
    expect(transport.endpoints()).toEqual([
      'createsessionbyasset',
      'statsession',
      'statsession',
      'statsession',
      'startsession',
    ])
    expect(progress).toEqual([
      { phase: 'creating', elapsedMs: 0, sessionId: undefined },
      { phase: 'preparing', elapsedMs: 1, sessionId: 'm1' },
      { phase: 'preparing', elapsedMs: 251, sessionId: 'm1' },
      { phase: 'preparing', elapsedMs: 1_252, sessionId: 'm1' },
      { phase: 'preparing', elapsedMs: 2_253, sessionId: 'm1' },
      { phase: 'starting', elapsedMs: 2_254, sessionId: 'm1' },
      { phase: 'ready', elapsedMs: 2_255, sessionId: 'm1' },
    ])
    expect(ivh.sessions.list).toEqual([session])
    const stat = session.stat()
    await clock.advance(1)
    expect(await stat).toMatchObject({ SessionStatus: 1 })
  })

  it('does not poll when the create reports ready, and opens by project', async () => {
    const PlayStreamAddr = 'webrtc://h/live/m9'
    const { ivh, clock, transport } = await createTestClient({
      script: {
        createsession: () => ({ payload: { SessionId: 'm9', SessionStatus: 1, PlayStreamAddr } }),
      },
    })
    const opening = ivh.sessions.open({ virtualmanProjectId: 'p', userId: 'u', protocol: 'webrtc' })
    await clock.advance(2)
    expect((await opening).playback).toEqual({ webrtc: PlayStreamAddr })
    expect(transport.endpoints()).toEqual(['createsession', 'startsession'])
    expect(transport.calls[0]?.payload).toMatchObject({ VirtualmanProjectId: 'p', DriverType: 1 })
  })

  it('copies its options when it is called', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const options = { ...anyOpen, userId: 'none', speech: { speed: 50 } }
    const openings = ['u1', 'u2'].map((userId, index) => {
      options.userId = userId
      options.speech.speed = 100 + index
      return ivh.sessions.open(options)
    })
    options.userId = 'u3'
    await clock.advance(1_000)
    const sessions = await Promise.all(openings)
    expect(sessions).toMatchObject([
      { userId: 'u1', state: 'open' },
      { userId: 'u2', state: 'open' },
    ])
    expect(transport.calls.slice(0, 2).map(({ payload }) => payload)).toMatchObject([
      { UserId: 'u1', SpeechParam: { Speed: 100 } },
      { UserId: 'u2', SpeechParam: { Speed: 101 } },
    ])
  })

  it('keeps the address of the create when statsession has none', async () => {
    const PlayStreamAddr = 'rtmp://h/live/m9'
    const { ivh, clock } = await createTestClient({
      script: {
        createsessionbyasset: () => ({
          payload: { SessionId: 'm9', SessionStatus: 3, PlayStreamAddr },
        }),
        statsession: () => ({ payload: { SessionStatus: 1, PlayStreamAddr: null } }),
      },
    })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    expect((await opening).playback).toEqual({ rtmp: PlayStreamAddr })
  })

  it('ignores a progress listener that throws or rejects', async () => {
    const { ivh, clock, lines } = await createTestClient()
    const opening = ivh.sessions.open({
      ...anyOpen,
      onProgress({ phase }) {
        if (phase === 'creating') throw new Error('broken at txSecret=abc')
        return phase === 'ready' ? Promise.reject(new Error('late')) : undefined
      },
    })
    await clock.advance(1_000)
    await opening
    await clock.advance(0)
    expect(lines).toEqual([
      'onProgress failed: Error: broken at txSecret=[redacted]',
      'onProgress failed: Error: late',
    ])
  })

  it.each([
    ['readyTimeoutMs', Number.NaN],
    ['readyTimeoutMs', 0],
    ['pollIntervalMs', Number.POSITIVE_INFINITY],
    ['pollIntervalMs', -5],
  ])('rejects %s %s before anything is sent', async (name, value) => {
    const { ivh, transport } = await createTestClient()
    const error = await rejection(ivh.sessions.open({ ...anyOpen, [name]: value }))
    expect(error).toBeInstanceOf(IvhConfigError)
    expect(error).toMatchObject({ message: expect.stringContaining(name) })
    expect(transport.calls).toEqual([])
  })

  it('rejects missing options', async () => {
    const { ivh, transport } = await createTestClient()
    // @ts-expect-error untyped callers only
    const error = await rejection(ivh.sessions.open())
    expect(error).toBeInstanceOf(IvhValidationError)
    expect(error).toMatchObject({ message: expect.stringMatching(/options .*required/) })
    expect(transport.calls).toEqual([])
  })

  it('sends extra request fields under their own names and validates the known ones', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const trtc = { appId: '14', strRoomId: 'r', userSig: 's', privateMapKey: 'p' }
    const open = (request: ExtraRequest) =>
      ivh.sessions.open({ ...anyOpen, protocol: 'trtc', alphaChannel: true, trtc, request })
    const opening = open({
      Timeout: 180,
      ExtraInfo: { AlphaPadDisable: true, NewHere: 1 },
      ProtocolOption: { TrtcAutoGenRoomIdType: 1 },
      BrandNew: { Anything: [1] },
    })
    await clock.drain()
    await opening
    expect(transport.calls[0]?.payload).toMatchObject({
      Timeout: 180,
      ExtraInfo: { AlphaChannelEnable: true, AlphaPadDisable: true, NewHere: 1 },
      ProtocolOption: { TrtcAutoGenRoomIdType: 1, TrtcAppId: '14' },
      BrandNew: { Anything: [1] },
    })
    expect(await rejection(open({ Timeout: -1 }))).toBeInstanceOf(IvhValidationError)
    expect(await rejection(open({ UserId: 'u9' }))).toMatchObject({
      ...{ kind: 'config', message: expect.stringMatching(/holds UserId.*Use the options userId/) },
    })
  })

  it('emits `closed` with reason replaced on the earlier session of the UserId', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const first = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    const earlier = await first
    const details: unknown[] = []
    earlier.addEventListener('closed', ({ detail }) => details.push(detail))
    const second = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    expect(ivh.sessions.list).toEqual([await second])
    expect(earlier.state).toBe('closed')
    expect(earlier.channelState).toBe('closed')
    expect(details).toEqual([
      { reason: 'replaced', error: expect.objectContaining({ code: 110022, sessionId: 'm1' }) },
    ])
    await earlier.close()
    expect(transport.endpoints()).not.toContain('closesession')
  })

  it('rejects a text as a duration', async () => {
    const { ivh } = await createTestClient()
    const opening = ivh.sessions.open(Object({ ...anyOpen, readyTimeoutMs: '5000' }))
    expect(await rejection(opening)).toMatchObject({
      ...{ kind: 'config', message: expect.stringMatching(/readyTimeoutMs is of type string/) },
    })
  })

  it('rejects a request that JSON cannot hold and searches for no session', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const error = rejection(ivh.sessions.open({ ...anyOpen, request: { New: 1n } }))
    await clock.drain()
    expect(await error).toBeInstanceOf(IvhValidationError)
    expect(await error).toMatchObject({
      ...{ message: expect.stringMatching(/Payload cannot be written as JSON: .*BigInt/) },
    })
    expect(transport.calls).toEqual([])
    const circle = { self: {} }
    circle.self = circle
    expect(await rejection(ivh.call('/v2/ivh/x', circle))).toBeInstanceOf(IvhValidationError)
  })

  it('rejects options that make an invalid request', async () => {
    const { ivh, transport } = await createTestClient()
    expect(await rejection(ivh.sessions.open({ ...anyOpen, userId: '' }))).toBeInstanceOf(
      IvhValidationError,
    )
    expect(transport.calls).toEqual([])
  })
})

describe('sessions.open with a reused sessionId', () => {
  const chosen = { ...anyOpen, sessionId: 's1' }

  /** Opens a session whose close is refused until `may.close` is true. */
  async function opened(refusal: ScriptedResponse) {
    const may = { close: false }
    const client = await createTestClient(
      { script: { closesession: () => (may.close ? undefined : refusal) } },
      { environment: 'private' },
    )
    const opening = client.ivh.sessions.open(chosen)
    await client.clock.advance(1_000)
    return { ...client, may, earlier: await opening }
  }

  it('does not close the new session instead of the earlier session, whose close had failed', async () => {
    const { ivh, clock, transport, may, earlier } = await opened({ code: 100005 })
    const closing = rejection(earlier.close())
    await clock.advance(10)
    await closing
    expect(earlier.state).toBe('close-failed')
    const opening = ivh.sessions.open({ ...chosen, userId: 'u2' })
    await clock.advance(1_000)
    const session = await opening
    expect(earlier.state).toBe('closed')
    await earlier.close()
    may.close = true
    await clock.advance(3_600_000)
    expect([...transport.live]).toEqual(['s1'])
    expect(session.state).toBe('open')
    expect(ivh.sessions.list).toEqual([session])
  })

  it('creates the session after the running close has ended', async () => {
    const { ivh, clock, transport, may, earlier } = await opened({ fail: new Error('down') })
    const closing = earlier.close()
    await clock.advance(1_000)
    const opening = ivh.sessions.open(chosen)
    await clock.advance(1_000)
    expect(transport.created).toBe(1)
    may.close = true
    await clock.advance(20_000)
    await closing
    expect((await opening).state).toBe('open')
    expect([...transport.live]).toEqual(['s1'])
  })

  it('continues to close the earlier session when the create is refused', async () => {
    const { ivh, clock, transport, may, earlier } = await opened({ code: 100005 })
    const closing = rejection(earlier.close())
    await clock.advance(10)
    await closing
    may.close = true
    expect(await rejection(ivh.sessions.open({ ...chosen, streamMaxIntervalMs: 1 }))).toMatchObject(
      {
        kind: 'validation',
      },
    )
    await clock.advance(1)
    expect(earlier.state).toBe('closed')
    expect(transport.live.size).toBe(0)
  })
})

describe('a signal that is not an AbortSignal', () => {
  const wrongSignal = { signal: new AbortController() }
  const refused = {
    kind: 'config',
    message: expect.stringMatching(/^`signal` must be an AbortSignal\./),
  }

  it('makes the open reject and does not reserve the UserId', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const { sessions } = ivh
    const options = Object({ ...anyOpen, ...wrongSignal })
    expect(await rejection(sessions.open(options))).toMatchObject(refused)
    const resuming = sessions.resume('m1', Object({ userId: anyOpen.userId, ...wrongSignal }))
    expect(await rejection(resuming)).toMatchObject(refused)
    expect(transport.calls).toEqual([])
    const opening = sessions.open(anyOpen)
    await clock.advance(1_000)
    expect(await opening).toMatchObject({ state: 'open' })
  })

  it('makes every call reject', async () => {
    const { ivh } = await createTestClient({}, { plugins: [{ name: 'slow', setup: () => {} }] })
    const options = Object(wrongSignal)
    const calls = [
      ivh.statSession({ SessionId: 'm1' }, options),
      ivh.call('/v2/ivh/x', {}, options),
      ivh.sessions.closeOrphans({ isMine: () => true, ...options }),
    ]
    for (const error of await Promise.all(calls.map(rejection))) {
      expect(error).toMatchObject(refused)
    }
  })
})

describe('a connection that the service resets during a call', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  const lostOnce = ({ count }: ScriptedCall): ScriptedResponse | undefined =>
    count === 1 ? { lost: reset } : undefined

  it.each(['statsession', 'startsession', 'closesession'] as const)(
    'does not fail the session when it breaks %s, because the call is retried',
    async (endpoint) => {
      const { ivh, clock, transport } = await createTestClient(
        { script: { [endpoint]: lostOnce } },
        { maxRetries: 2 },
      )
      const opening = ivh.sessions.open(anyOpen)
      await clock.drain()
      const closing = (await opening).close()
      await clock.drain()
      await closing
      expect(transport.endpoints().filter((name) => name === endpoint)).toHaveLength(2)
      expect(transport.live.size).toBe(0)
    },
  )

  it('fails the open when it breaks the create, and the session is closed before the next open', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { script: { createsessionbyasset: lostOnce } },
      { maxRetries: 2 },
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(10)
    expect(await error).toMatchObject({ kind: 'transport', attempt: 1, notSent: false })
    const again = ivh.sessions.open(anyOpen)
    await clock.drain()
    expect([...transport.live]).toEqual([(await again).id])
    expect(transport.created).toBe(2)
  })
})

describe('sessions.open while it waits for ready', () => {
  const stat = (
    response: ScriptedResponse | ((count: number) => ScriptedResponse | undefined),
  ) => ({
    script: {
      statsession: ({ count }: { count: number }) =>
        typeof response === 'function' ? response(count) : response,
    },
  })

  it('closes the session and rejects after readyTimeoutMs', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 999 })
    const error = rejection(ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 5_000 }))
    await clock.advance(6_100)
    expect(await error).toBeInstanceOf(IvhTimeoutError)
    expect(await error).toMatchObject({
      timeoutMs: 5_000,
      sessionId: 'm1',
      message: expect.stringMatching(/not ready after 5000 ms \(SessionId m1\).*readyTimeoutMs/),
    })
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('rejects after two minutes by default', async () => {
    const { ivh, clock } = await createTestClient({ preparingPolls: 9_999 })
    let settled = false
    const error = rejection(ivh.sessions.open(anyOpen)).finally(() => {
      settled = true
    })
    await clock.advance(119_000)
    expect(settled).toBe(false)
    await clock.advance(3_000)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 120_000 })
  })

  it('polls a last time when readyTimeoutMs is over', async () => {
    const { ivh, clock } = await createTestClient({ latencyMs: () => 100 })
    const opening = ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 50 })
    await clock.advance(1_000)
    expect((await opening).state).toBe('open')
  })

  it('limits a hanging poll to the timeout of a call', async () => {
    const { ivh, clock, transport } = await createTestClient({
      latencyMs: (endpoint) => (endpoint === 'statsession' ? 1_000_000 : 1),
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(16_500)
    expect(transport.endpoints().filter((name) => name === 'statsession')).toHaveLength(2)
    await clock.advance(200_000)
    // Expect the last failure of a poll as the cause.
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 120_000 })
    expect(await error).toMatchObject({ cause: { kind: 'timeout', path: expect.anything() } })
  })

  it('continues after temporary failures', async () => {
    const { ivh, clock } = await createTestClient(
      stat((count) => [{ fail: 'down' }, { code: 100012 }, { code: -101000 }][count - 1]),
    )
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(5_000)
    expect((await opening).id).toBe('m1')
  })

  it.each([100001, 110018, 100005])(
    'rejects at once after the permanent error %i',
    async (code) => {
      const { ivh, clock, transport } = await createTestClient(stat({ code }))
      const error = rejection(ivh.sessions.open(anyOpen))
      await clock.advance(1_000)
      expect(await error).toBeInstanceOf(IvhApiError)
      expect(await error).toMatchObject({ code })
      expect(transport.live.size).toBe(0)
    },
  )

  it('continues to poll on an unknown status', async () => {
    const { ivh, clock } = await createTestClient(
      stat((count) => (count < 3 ? { payload: { SessionStatus: 7 } } : undefined)),
    )
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(5_000)
    expect((await opening).id).toBe('m1')
  })

  it.each([
    [
      { SessionStatus: 4, ErrorCode: -111003, ErrorMessage: 'model' },
      { reason: 'creation-failed', code: -111003 },
      /could not create the stream: -111003, the avatar model failed to load, model .*AssetVirtualmanKey/,
    ],
    [
      { SessionStatus: 4, ErrorCode: null },
      { reason: 'creation-failed', code: undefined },
      /no reason given/,
    ],
    [
      { SessionStatus: 2, CloseType: 5, ErrorCode: 110022 },
      { reason: 'closed', closeType: 5, code: 110022 },
      /another session was created with the same UserId before.*its own userId/,
    ],
    [{ SessionStatus: 2, ErrorMessage: 'gone' }, { reason: 'closed' }, /was gone before/],
    [{ SessionStatus: 2, CloseType: 99 }, { reason: 'closed', closeType: 99 }, /no reason given/],
  ])('rejects when statsession reports %o', async (payload, expected, message) => {
    const { ivh, clock, transport } = await createTestClient(stat({ payload }))
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1_000)
    expect(await error).toBeInstanceOf(IvhSessionError)
    expect(await error).toMatchObject({
      ...expected,
      sessionId: 'm1',
      message: expect.stringMatching(message),
    })
    expect(transport.live.size).toBe(0)
  })

  it('closes the session when startsession fails', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { startsession: () => ({ code: 110014 }) },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1_000)
    expect(await error).toMatchObject({ code: 110014, sessionId: 'm1' })
    expect(transport.live.size).toBe(0)
  })

  it.each([
    ['has started', { SessionStatus: 1, IsSessionStarted: true }, 'opened'],
    ['has not started', { SessionStatus: 1, IsSessionStarted: false }, 110016],
    ['is closed', { SessionStatus: 2, IsSessionStarted: true }, 110016],
  ])(
    'checks the session when a retried startsession is refused: the session %s',
    async (_name, payload, outcome) => {
      const lost = { fail: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }
      const { ivh, clock, transport } = await createTestClient(
        {
          script: {
            startsession: ({ count }) => (count === 1 ? lost : { code: 110016 }),
            statsession: ({ count }) => (count > 1 ? { payload } : undefined),
          },
        },
        { maxRetries: 2 },
      )
      const opened = ivh.sessions.open(anyOpen).then(
        () => 'opened',
        ({ code }: { code: number }) => code,
      )
      await clock.drain()
      expect(await opened).toBe(outcome)
      expect(transport.live.size).toBe(outcome === 'opened' ? 1 : 0)
    },
  )

  it('names the call that reported the failure', async () => {
    const { ivh, clock } = await createTestClient(
      stat({ payload: { SessionStatus: 4, ErrorCode: -111003 } }),
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1_000)
    expect(await error).toMatchObject({
      ...{ reason: 'creation-failed', requestId: 'gz01', attempt: 1, sessionId: 'm1' },
      ...{ reqId: expect.stringMatching(/^[0-9a-f]{32}$/) },
      path: expect.stringMatching(/statsession$/),
    })
  })

  it('rejects with the first error when the close fails too, and lists the session', async () => {
    const { ivh, clock, lines } = await createTestClient({
      script: { startsession: () => ({ code: 110014 }), closesession: () => ({ code: 100005 }) },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1_000)
    expect(await error).toMatchObject({ code: 110014 })
    expect(lines).toEqual([expect.stringMatching(/Session m1 could not be closed.*100005/)])
    expect(ivh.sessions.list.map(({ id }) => id)).toEqual(['m1'])
  })
})

describe('sessions.open with a failing create', () => {
  const create = (response: ScriptedResponse) => ({
    script: { createsessionbyasset: () => response },
  })

  it.each([
    ['an API error', { code: 100014 }],
    ['a shortage of capacity', { code: -101001 }],
    ['a refused connection', { fail: { code: 'ECONNREFUSED' } }],
  ] as const)('closes and searches nothing after %s', async (_name, response) => {
    const { ivh, clock, transport } = await createTestClient(create(response))
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toMatchObject({ kind: expect.stringMatching(/^(api|transport)$/) })
    expect(transport.endpoints()).toEqual(['createsessionbyasset'])
  })

  it.each([
    ['a missing response', { fail: 'down' }, IvhTransportError],
    ['an internal error', { code: 100000 }, IvhApiError],
    ['a response without SessionId', { payload: {} }, IvhResponseShapeError],
  ] as const)('rejects at once after %s', async (_name, response, type) => {
    const { ivh, clock, transport } = await createTestClient(create(response))
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    expect(await error).toBeInstanceOf(type)
    await clock.advance(6_000)
    expect(transport.endpoints()).toEqual([
      'createsessionbyasset',
      'listsessionofuin',
      'listsessionofuin',
    ])
  })

  it('closes the session of a response that is otherwise invalid', async () => {
    const { ivh, clock, transport } = await createTestClient(
      create({ payload: { SessionId: 'm7', SessionStatus: 'preparing' } }),
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(2)
    expect(await error).toBeInstanceOf(IvhResponseShapeError)
    const closes = transport.calls.filter(({ endpoint }) => endpoint === 'closesession')
    expect(closes).toMatchObject([{ payload: { SessionId: 'm7' } }])
  })

  it('closes a session with a chosen id, because the request may have arrived', async () => {
    const { ivh, clock, transport } = await createTestClient(create({ fail: 'reset' }), {
      environment: 'private',
    })
    const error = rejection(ivh.sessions.open({ ...anyOpen, sessionId: 'kiosk-1' }))
    await clock.advance(2)
    expect(await error).toBeInstanceOf(IvhTransportError)
    const closes = transport.calls.filter(({ endpoint }) => endpoint === 'closesession')
    expect(closes).toMatchObject([{ payload: { SessionId: 'kiosk-1' } }])
  })

  it('rejects after its timeout and closes the session of a late response', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { latencyMs: (endpoint) => (endpoint.startsWith('create') ? 9_000 : 1) },
      { timeoutMs: 5_000 },
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    expect(await error).toBeInstanceOf(IvhTimeoutError)
    expect(await error).toMatchObject({ timeoutMs: 5_000, reqId: expect.any(String) })
    expect(transport.live.size).toBe(1)
    await clock.advance(4_001)
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })
})

describe('an abort of sessions.open', () => {
  const never = { latencyMs: () => 10_000_000 }

  it('sends nothing when the signal has already fired', async () => {
    const { ivh, transport } = await createTestClient()
    const reason = new Error('too late')
    const error = await rejection(
      ivh.sessions.open({ ...anyOpen, signal: AbortSignal.abort(reason) }),
    )
    expect(error).toBeInstanceOf(IvhAbortError)
    expect(error).toMatchObject({ cause: reason })
    expect(transport.calls).toEqual([])
  })

  it('rejects at once during the create and closes its session later', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 5_000 })
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(1_000)
    controller.abort('left')
    expect(await error).toMatchObject({ kind: 'abort', cause: 'left' })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(transport.live.size).toBe(1)
    await clock.advance(9_000)
    expect(transport.live.size).toBe(0)
    expect(transport.endpoints()).toEqual(['createsessionbyasset', 'closesession'])
  })

  it.each([
    ['preparing', 600],
    ['starting', 2_252],
  ])('rejects at once while %s and closes the session in the background', async (phase, at) => {
    const { ivh, clock, transport } = await createTestClient({
      preparingPolls: 2,
      latencyMs: (endpoint) => (endpoint === 'startsession' ? 10_000 : 1),
    })
    const controller = new AbortController()
    let last = ''
    const error = rejection(
      ivh.sessions.open({
        ...anyOpen,
        signal: controller.signal,
        onProgress: (step) => {
          last = step.phase
        },
      }),
    )
    await clock.advance(at + 5)
    expect(last).toBe(phase)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort', sessionId: 'm1' })
    await clock.advance(1)
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it.each(['creating', 'preparing', 'starting', 'ready'] as const)(
    'leaves nothing open when the progress listener aborts at "%s"',
    async (phase) => {
      const { ivh, clock, transport } = await createTestClient()
      const controller = new AbortController()
      const error = rejection(
        ivh.sessions.open({
          ...anyOpen,
          signal: controller.signal,
          onProgress: (step) => {
            if (step.phase === phase) controller.abort()
          },
        }),
      )
      await clock.drain()
      expect(await error).toMatchObject({ kind: 'abort' })
      expect(transport.created).toBe(phase === 'creating' ? 0 : 1)
      expect(transport.live.size).toBe(0)
      expect(ivh.sessions.list).toEqual([])
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    },
  )

  it('rejects at once while the close of a failed open hangs', async () => {
    const { ivh, clock } = await createTestClient({
      script: { startsession: () => ({ code: 110014 }) },
      latencyMs: (endpoint) => (endpoint === 'closesession' ? 10_000 : 1),
    })
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(1_000)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort' })
  })

  it('has no effect after the open has settled', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const controller = new AbortController()
    const opening = ivh.sessions.open({ ...anyOpen, signal: controller.signal })
    await clock.advance(1_000)
    const session = await opening
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    controller.abort()
    await clock.advance(1_000)
    expect(session.state).toBe('open')
    expect(transport.live.size).toBe(1)
  })

  it('rejects with IvhAbortError even when the reason is another IvhError', async () => {
    const { ivh, clock } = await createTestClient(never)
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(1)
    const reason = new IvhSessionError('closed', 'another session was closed')
    controller.abort(reason)
    expect(await error).toBeInstanceOf(IvhAbortError)
    expect(await error).toMatchObject({ cause: reason })
  })

  it('leaves no listener on a signal that 1,000 opens share', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { startsession: ({ count }) => (count % 2 ? { code: 110014 } : undefined) },
    })
    const { signal } = new AbortController()
    const opens = Array.from({ length: 1_000 }, (_, index) =>
      ivh.sessions.open({ ...anyOpen, userId: `u${index}`, signal }),
    )
    const settled = Promise.allSettled(opens)
    await clock.drain()
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(500)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(transport.live.size).toBe(500)
    expect(ivh.sessions.list).toHaveLength(500)
  })
})

describe('onOpen of a plugin', () => {
  it('completes the request in the order of the plugins and adds playback addresses', async () => {
    const seen: unknown[] = []
    const first = definePlugin({
      name: 'first',
      onOpen(draft, { createId, now, signal }) {
        seen.push(createId(), now(), signal.aborted)
        return {
          request: { ...draft, StreamMaxInterval: 3_000 },
          playback: () => ({ flv: 'a', hls: 'a' }),
        }
      },
    })
    const second = definePlugin({
      name: 'second',
      async onOpen(draft) {
        seen.push(draft.StreamMaxInterval)
        return { request: { ...draft, StreamMaxInterval: 4_000 }, playback: () => ({ hls: 'b' }) }
      },
    })
    const idle = definePlugin({ name: 'idle', onOpen: () => undefined })
    const empty = definePlugin({ name: 'empty' })
    const { ivh, clock, transport } = await createTestClient(
      {},
      { plugins: [first, idle, empty, second] },
    )
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    expect((await opening).playback).toEqual({
      rtmp: 'rtmp://liveplay.ivh.qq.com/live/m1',
      flv: 'a',
      hls: 'b',
    })
    expect(seen).toEqual(['00000000000000000000000000000001', Date.UTC(2026, 0, 1), false, 3_000])
    expect(transport.calls[0]?.payload).toMatchObject({ StreamMaxInterval: 4_000 })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no key: txSecret=abc')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no key: txSecret=abc'))],
  ])(
    'rejects the open with the plugin’s name when it %s, before anything is sent',
    async (_name, onOpen) => {
      const plugins = [definePlugin({ name: 'mine', onOpen })]
      const { ivh, clock, transport } = await createTestClient({}, { plugins })
      const error = rejection(ivh.sessions.open(anyOpen))
      await clock.advance(0)
      expect(await error).toBeInstanceOf(IvhPluginError)
      expect(await error).toMatchObject({
        plugin: 'mine',
        message: 'Plugin "mine" failed in onOpen: no key: txSecret=[redacted].',
      })
      expect(transport.calls).toEqual([])
    },
  )

  it('names the plugin when playback throws', async () => {
    const playback = () => {
      throw new Error('no play key')
    }
    const plugins = [definePlugin({ name: 'mine', onOpen: () => ({ playback }) })]
    const { ivh, clock } = await createTestClient({}, { plugins })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    const session = await opening
    expect(() => session.playback).toThrow('Plugin "mine" failed in playback: no play key.')
  })

  it('must not change the UserId, which identifies the open', async () => {
    const tenant = definePlugin({
      name: 'tenant',
      onOpen: (draft) => ({ request: { ...draft, UserId: `tenant-${draft.UserId}` } }),
    })
    const { ivh, transport } = await createTestClient({}, { plugins: [tenant] })
    const error = await rejection(ivh.sessions.open(anyOpen))
    expect(error).toBeInstanceOf(IvhPluginError)
    expect(error).toMatchObject({
      ...{
        plugin: 'tenant',
        message: expect.stringMatching(
          /changed the UserId.*Pass the userId that the service must receive to sessions\.open/,
        ),
      },
    })
    expect(transport.calls).toEqual([])
  })

  it('is followed by validation of the request', async () => {
    const onOpen = () => ({
      request: { AssetVirtualmanKey: '', UserId: 'u1', Protocol: 'rtmp', DriverType: 1 } as const,
    })
    const plugins = [definePlugin({ name: 'mine', onOpen })]
    const { ivh } = await createTestClient({}, { plugins })
    expect(await rejection(ivh.sessions.open(anyOpen))).toBeInstanceOf(IvhValidationError)
  })

  it.each([
    ['never settles', () => new Promise<undefined>(() => {})],
    [
      'rejects with the reason of the signal',
      (_draft: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<undefined>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    ],
  ])('does not delay an abort when it %s', async (_name, onOpen) => {
    const plugins = [definePlugin({ name: 'mine', onOpen })]
    const { ivh, clock, transport } = await createTestClient({}, { plugins })
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(10)
    controller.abort('left')
    expect(await error).toMatchObject({ kind: 'abort', cause: 'left' })
    expect(transport.calls).toEqual([])
  })

  it('is limited to the timeout of a call, and a late contribution receives onFailed', async () => {
    const released: unknown[] = []
    let contribute = (_part: { onFailed: (error: unknown) => void }) => {}
    const slow = new Promise<{ onFailed: (error: unknown) => void }>((resolve) => {
      contribute = resolve
    })
    const plugins = [definePlugin({ name: 'slow', onOpen: () => slow })]
    const { ivh, clock, transport } = await createTestClient({}, { plugins, timeoutMs: 5_000 })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    expect(await error).toBeInstanceOf(IvhPluginError)
    expect(await error).toMatchObject({
      message: 'Plugin "slow" failed in onOpen: it did not finish within 5000 ms.',
    })
    expect(transport.calls).toEqual([])
    contribute({ onFailed: (why) => released.push(why) })
    await clock.advance(0)
    expect(released).toEqual([await error])
  })

  it('limits onResume to the timeout of a call too', async () => {
    const onResume = () => new Promise<undefined>(() => {})
    const plugins = [definePlugin({ name: 'slow', onResume })]
    const { ivh, clock } = await createTestClient({}, { plugins, timeoutMs: 5_000 })
    const error = rejection(ivh.sessions.resume('m1'))
    await clock.advance(5_000)
    expect(await error).toMatchObject({ kind: 'plugin', plugin: 'slow' })
  })

  it('can abort the open itself', async () => {
    const controller = new AbortController()
    const onOpen = () => {
      controller.abort('mine')
      return Promise.reject(new Error('and fails'))
    }
    const plugins = [definePlugin({ name: 'mine', onOpen })]
    const { ivh, transport } = await createTestClient({}, { plugins })
    const error = await rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    expect(error).toMatchObject({ kind: 'abort', cause: 'mine' })
    expect(transport.calls).toEqual([])
  })
})
