import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { driven } from '../testing/driven-session'
import { createMemoryLogger } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'
import type { DiagnosticsMessages } from './diagnostics'
import type { ObservedRequest, RequestOutcome, RequestRetry } from './observed-request'
import { definePlugin, type IvhPlugin } from './plugin'

const stopListening: (() => void)[] = []

afterEach(() => {
  for (const stop of stopListening.splice(0)) stop()
})

function listen<Name extends keyof DiagnosticsMessages>(name: Name): DiagnosticsMessages[Name][] {
  const heard: DiagnosticsMessages[Name][] = []
  const hear = (message: unknown) => void heard.push(message as DiagnosticsMessages[Name])
  subscribe(name, hear)
  stopListening.push(() => unsubscribe(name, hear))
  return heard
}

/** Keeps what it is told. */
function recorder() {
  const requests: ObservedRequest[] = []
  const retries: RequestRetry[] = []
  const outcomes: RequestOutcome[] = []
  const plugin = definePlugin({
    name: 'recorder',
    onRequest(request) {
      requests.push(request)
      return {
        onRetry: (retry) => void retries.push(retry),
        onEnd: (outcome) => void outcomes.push(outcome),
      }
    },
  })
  return { plugin, requests, retries, outcomes }
}

const stat = { SessionId: 'm1' }
const statPath = '/v2/ivh/sessionmanager/sessionmanagerservice/statsession'

describe('onRequest', () => {
  it('is told of a call without its secrets, and of how it ended', async () => {
    const { plugin, requests, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      { latencyMs: () => 40 },
      { plugins: [plugin], baseUrl: 'http://gw.example.com:8080/cloud/' },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(100)
    await asking
    expect(requests).toEqual([
      {
        method: 'POST',
        origin: 'http://gw.example.com:8080',
        path: `/cloud${statPath}`,
        reqId: '1'.padStart(32, '0'),
        sessionId: 'm1',
        openId: undefined,
      },
    ])
    expect(outcomes).toEqual([
      { durationMs: 40, attempts: 1, status: 200, code: 0, requestId: 'gz01', error: undefined },
    ])
  })

  it('is told of a call once, and its observer of every repetition', async () => {
    const { plugin, requests, retries, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      {
        script: {
          statsession: ({ count }) => (count < 3 ? { raw: { status: 503, body: '' } } : undefined),
        },
      },
      { plugins: [plugin], maxRetries: 2 },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(5_000)
    await asking
    expect(requests).toHaveLength(1)
    expect(retries).toMatchObject([
      { attempt: 1, delayMs: 250, error: { kind: 'transport', status: 503 } },
      { attempt: 2, delayMs: 500, error: { kind: 'transport', status: 503 } },
    ])
    expect(outcomes).toMatchObject([{ attempts: 3, status: 200, code: 0, durationMs: 753 }])
  })

  it('is told of a clock that was corrected as a repetition without a wait', async () => {
    const { plugin, retries, outcomes } = recorder()
    const date = new Date(Date.UTC(2026, 0, 1, 1)).toUTCString()
    const refused = { status: 401, body: '', headers: { date } }
    const { ivh, clock } = await createTestClient(
      { script: { statsession: ({ count }) => (count === 1 ? { raw: refused } : undefined) } },
      { plugins: [plugin] },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(10)
    await asking
    expect(retries).toMatchObject([{ attempt: 1, delayMs: 0 }])
    expect(outcomes).toMatchObject([{ attempts: 2, error: undefined }])
  })

  it('is told of a refusal by its code, and of a call without an answer by its error', async () => {
    const { plugin, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      {
        script: {
          statsession: ({ count }) =>
            count === 1 ? { code: 110018 } : { fail: new Error('no route') },
        },
      },
      { plugins: [plugin] },
    )
    for (const _twice of [1, 2]) {
      const failing = rejection(ivh.statSession(stat))
      await clock.advance(10)
      await failing
    }
    expect(outcomes).toMatchObject([
      { status: 200, code: 110018, requestId: 'gz01', error: { kind: 'api' } },
      { status: undefined, code: undefined, requestId: undefined, error: { kind: 'transport' } },
    ])
  })

  it('knows which open a call belongs to', async () => {
    const { plugin, requests } = recorder()
    const opens: string[] = []
    const opener = definePlugin({
      name: 'opener',
      onOpen: (_draft, { openId }) => void opens.push(openId),
    })
    const { ivh, clock } = await createTestClient({}, { plugins: [plugin, opener] })
    const both = ['u1', 'u2'].map((userId) => ivh.sessions.open({ ...anyOpen, userId }))
    await clock.advance(1_000)
    const [session] = await Promise.all(both)
    await Promise.all([session?.stat(), clock.advance(10)])
    const [first, second] = opens
    expect(new Set(opens).size).toBe(2)
    const endpoints = requests.map(({ openId, path }) => [openId, path.split('/').at(-1)])
    for (const endpoint of ['createsessionbyasset', 'statsession', 'startsession']) {
      expect(endpoints).toContainEqual([first, endpoint])
      expect(endpoints).toContainEqual([second, endpoint])
    }
    expect(endpoints.at(-1)).toEqual([undefined, 'statsession'])
  })
})

describe('onEvent', () => {
  it('hears a session from opened to closed, and its utterances', async () => {
    const heard: string[] = []
    const plugin = definePlugin({
      name: 'ear',
      onEvent: ({ type, detail }, { id }) => {
        if (type === 'message' || type === 'heartbeat') return
        heard.push(`${id} ${type}`)
        if (type === 'opened') expect(detail).toMatchObject({ elapsedMs: expect.any(Number) })
      },
    })
    const { clock, session } = await driven({ client: { plugins: [plugin] } })
    const spoken = session.say('Hello')
    await clock.advance(3_000)
    await spoken.finished
    const closing = session.close()
    await clock.advance(10)
    await closing
    expect(heard).toEqual(
      [
        'opened',
        'speech-queued',
        'ready',
        'speaking',
        'speech-started',
        'idle',
        'speech-finished',
        'closed',
      ].map((type) => `m1 ${type}`),
    )
  })

  it('measures an utterance from when it was queued, and tells why it failed', async () => {
    const details: unknown[] = []
    const plugin = definePlugin({
      name: 'ear',
      onEvent({ type, detail }) {
        if (type.startsWith('speech-')) details.push({ type, ...detail })
      },
    })
    const { clock, session } = await driven({ client: { plugins: [plugin] } })
    async function* broken() {
      yield 'Once upon a time. '
      throw new Error('the model is gone')
    }
    const first = session.say('Hello')
    const second = session.say(broken())
    second.finished.catch(() => {})
    await clock.advance(10_000)
    await first.finished
    expect(details).toMatchObject([
      { type: 'speech-queued', speechId: 1, kind: 'text' },
      { type: 'speech-queued', speechId: 2, kind: 'stream' },
      { type: 'speech-started', speechId: 1, latencyMs: expect.any(Number) },
      { type: 'speech-finished', speechId: 1, interrupted: false, error: undefined },
      { type: 'speech-started', speechId: 2 },
      { type: 'speech-finished', speechId: 2, error: { message: 'the model is gone' } },
    ])
  })

  it('hears nothing of a session that never opened', async () => {
    const onEvent = vi.fn()
    const { ivh, clock, transport } = await createTestClient(
      { script: { startsession: () => ({ code: 110016 }) } },
      { plugins: [definePlugin({ name: 'ear', onEvent })] },
    )
    const failing = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    await failing
    expect(transport.endpoints()).toContain('closesession')
    expect(onEvent).not.toHaveBeenCalled()
  })

  it('may close the session that it hears of', async () => {
    const plugin = definePlugin({
      name: 'bouncer',
      onEvent: ({ type }, session) => {
        if (type === 'opened') void session.close()
      },
    })
    const { ivh, clock, transport } = await createTestClient({}, { plugins: [plugin] })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    expect((await opening).state).toBe('closed')
    expect(transport.live.size).toBe(0)
  })
})

describe('a plugin that looks on and throws', () => {
  const oops = () => {
    throw new Error('oops accesstoken=s3cret')
  }
  const rejecting = async () => oops()
  const onRetry = oops
  const onEnd = oops
  const broken = { debug: oops, warn: oops, error: oops }

  it.each<[string, Omit<IvhPlugin, 'name'>]>([
    ['onRequest', { onRequest: oops }],
    ['onRetry', { onRequest: () => ({ onRetry }) }],
    ['onEnd', { onRequest: () => ({ onEnd }) }],
    ['onEvent', { onEvent: oops }],
  ])('in %s changes nothing, and is named in the log once', async (slot, slots) => {
    const script = {
      statsession: ({ count }: { count: number }) =>
        count % 2 === 1 ? { raw: { status: 503, body: '' } } : undefined,
    }
    const { ivh, clock, lines } = await createTestClient(
      { script },
      { plugins: [{ name: 'clumsy', ...slots }], maxRetries: 2 },
    )
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(5_000)
    const session = await opening
    for (const _twice of [1, 2]) {
      const asking = session.stat()
      await clock.advance(5_000)
      await asking
    }
    const closing = session.close()
    await clock.advance(100)
    await closing
    expect(lines.filter((line) => line.includes('clumsy'))).toEqual([
      expect.stringContaining(`Plugin "clumsy" failed in ${slot}: oops accesstoken=[redacted]`),
    ])
  })

  it('changes nothing either when the logger throws, of which it is told', async () => {
    const { ivh, clock } = await createTestClient(
      {},
      { plugins: [{ name: 'clumsy', onRequest: () => ({ onEnd }) }], logger: broken },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(10)
    expect(await asking).toMatchObject({ SessionStatus: 1 })
  })

  it('does not keep the others from looking', async () => {
    const { plugin, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      {},
      { plugins: [{ name: 'clumsy', onRequest: oops }, plugin] },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(10)
    await asking
    expect(outcomes).toHaveLength(1)
  })

  it('may also be an async function', async () => {
    const logger = createMemoryLogger()
    const clumsy: IvhPlugin = { name: 'clumsy', onEvent: rejecting }
    const { ivh, clock } = await createTestClient({}, { plugins: [clumsy], logger })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    await opening
    expect(logger.lines.join()).toContain('Plugin "clumsy" failed in onEvent')
  })
})

describe('diagnostics_channel', () => {
  it('hears of calls without any plugin', async () => {
    const started = listen('ivh:request:start')
    const repeated = listen('ivh:request:retry')
    const ended = listen('ivh:request:end')
    const { ivh, clock } = await createTestClient(
      { script: { statsession: ({ count }) => (count === 1 ? { code: 100012 } : undefined) } },
      { maxRetries: 1 },
    )
    const asking = ivh.statSession(stat)
    await clock.advance(5_000)
    await asking
    expect(started).toMatchObject([{ request: { method: 'POST', path: statPath } }])
    expect(repeated).toMatchObject([{ retry: { attempt: 1, error: { code: 100012 } } }])
    expect(ended).toMatchObject([{ outcome: { attempts: 2, status: 200, code: 0 } }])
    // The same object from beginning to end: it can be the key of a WeakMap.
    expect(repeated[0]?.request).toBe(started[0]?.request)
    expect(ended[0]?.request).toBe(started[0]?.request)
  })

  it('hears of opens and of what sessions tell', async () => {
    const begun = listen('ivh:session:open:start')
    const ended = listen('ivh:session:open:end')
    const events = listen('ivh:session:event')
    const { ivh, clock } = await createTestClient({
      script: { startsession: ({ count }) => (count === 2 ? { code: 110016 } : undefined) },
    })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    const session = await opening
    const failing = rejection(ivh.sessions.open({ ...anyOpen, userId: 'u2' }))
    await clock.advance(5_000)
    const error = await failing
    await Promise.all([session.close(), clock.advance(100)])
    expect(begun).toMatchObject([{ userId: 'u1' }, { userId: 'u2' }])
    expect(ended).toMatchObject([
      { openId: begun[0]?.openId, sessionId: 'm1', error: undefined },
      { openId: begun[1]?.openId, sessionId: undefined, error },
    ])
    expect(events).toMatchObject([
      { sessionId: 'm1', userId: 'u1', event: { type: 'opened' } },
      { sessionId: 'm1', event: { type: 'closed', detail: { reason: 'requested' } } },
    ])
  })
})
