import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ObservedRequest, RequestOutcome, RequestRetry } from '../contracts/observation'
import { definePlugin, type IvhPlugin } from '../contracts/plugin'
import { openTestSession } from '../testing/open-test-session'
import { createMemoryLogger } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'
import type { DiagnosticsMessages } from './diagnostics'

const stopListening: (() => void)[] = []

afterEach(() => {
  for (const stop of stopListening.splice(0)) stop()
})

function listen<Name extends keyof DiagnosticsMessages>(name: Name): DiagnosticsMessages[Name][] {
  const received: DiagnosticsMessages[Name][] = []
  const receive = (message: unknown) => void received.push(message as DiagnosticsMessages[Name])
  subscribe(name, receive)
  stopListening.push(() => unsubscribe(name, receive))
  return received
}

/** A plugin that records its calls. */
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
  it('receives a call without its secrets, and its outcome', async () => {
    const { plugin, requests, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      { latencyMs: () => 40 },
      { plugins: [plugin], baseUrl: 'http://gw.example.com:8080/cloud/' },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(100)
    await calling
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

  it('receives a call once, and its observer receives every retry', async () => {
    const { plugin, requests, retries, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      {
        script: {
          statsession: ({ count }) => (count < 3 ? { raw: { status: 503, body: '' } } : undefined),
        },
      },
      { plugins: [plugin], maxRetries: 2 },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(5_000)
    await calling
    expect(requests).toHaveLength(1)
    expect(retries).toMatchObject([
      { attempt: 1, delayMs: 250, error: { kind: 'transport', status: 503 } },
      { attempt: 2, delayMs: 500, error: { kind: 'transport', status: 503 } },
    ])
    expect(outcomes).toMatchObject([{ attempts: 3, status: 200, code: 0, durationMs: 753 }])
  })

  it('reports a clock correction as a retry without a pause', async () => {
    const { plugin, retries, outcomes } = recorder()
    const date = new Date(Date.UTC(2026, 0, 1, 1)).toUTCString()
    const refused = { status: 401, body: '', headers: { date } }
    const { ivh, clock } = await createTestClient(
      { script: { statsession: ({ count }) => (count === 1 ? { raw: refused } : undefined) } },
      { plugins: [plugin] },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(10)
    await calling
    expect(retries).toMatchObject([{ attempt: 1, delayMs: 0 }])
    expect(outcomes).toMatchObject([{ attempts: 2, error: undefined }])
  })

  it('reports an API error with its code, and a missing response with its error', async () => {
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

  it('receives the openId of each call', async () => {
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
  it('receives the events of a session from opened to closed, and its utterances', async () => {
    const received: string[] = []
    const plugin = definePlugin({
      name: 'watcher',
      onEvent: ({ type, detail }, { id }) => {
        if (type === 'message' || type === 'heartbeat') return
        received.push(`${id} ${type}`)
        if (type === 'opened') expect(detail).toMatchObject({ elapsedMs: expect.any(Number) })
      },
    })
    const { clock, session } = await openTestSession({ client: { plugins: [plugin] } })
    const speech = session.say('Hello')
    await clock.advance(3_000)
    await speech.finished
    const closing = session.close()
    await clock.advance(10)
    await closing
    expect(received).toEqual(
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

  it('measures an utterance from the time it was queued, and reports its error', async () => {
    const details: unknown[] = []
    const plugin = definePlugin({
      name: 'watcher',
      onEvent({ type, detail }) {
        if (type.startsWith('speech-')) details.push({ type, ...detail })
      },
    })
    const { clock, session } = await openTestSession({ client: { plugins: [plugin] } })
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

  it('receives nothing about a session that failed to open', async () => {
    const onEvent = vi.fn()
    const { ivh, clock, transport } = await createTestClient(
      { script: { startsession: () => ({ code: 110016 }) } },
      { plugins: [definePlugin({ name: 'watcher', onEvent })] },
    )
    const failing = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    await failing
    expect(transport.endpoints()).toContain('closesession')
    expect(onEvent).not.toHaveBeenCalled()
  })

  it('can close the session of the event', async () => {
    const plugin = definePlugin({
      name: 'closer',
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

describe('an observing plugin that throws', () => {
  const fail = () => {
    throw new Error('oops accesstoken=s3cret')
  }
  const rejecting = async () => fail()
  const onRetry = fail
  const onEnd = fail
  const broken = { debug: fail, warn: fail, error: fail }

  it.each<[string, Omit<IvhPlugin, 'name'>]>([
    ['onRequest', { onRequest: fail }],
    ['onRetry', { onRequest: () => ({ onRetry }) }],
    ['onEnd', { onRequest: () => ({ onEnd }) }],
    ['onEvent', { onEvent: fail }],
  ])('does not affect the call in %s and is logged once', async (slot, slots) => {
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
      const calling = session.stat()
      await clock.advance(5_000)
      await calling
    }
    const closing = session.close()
    await clock.advance(100)
    await closing
    expect(lines.filter((line) => line.includes('clumsy'))).toEqual([
      expect.stringContaining(`Plugin "clumsy" failed in ${slot}: oops accesstoken=[redacted]`),
    ])
  })

  it('does not affect the call even when the logger throws', async () => {
    const { ivh, clock } = await createTestClient(
      {},
      { plugins: [{ name: 'clumsy', onRequest: () => ({ onEnd }) }], logger: broken },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(10)
    expect(await calling).toMatchObject({ SessionStatus: 1 })
  })

  it('does not stop the observers of other plugins', async () => {
    const { plugin, outcomes } = recorder()
    const { ivh, clock } = await createTestClient(
      {},
      { plugins: [{ name: 'clumsy', onRequest: fail }, plugin] },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(10)
    await calling
    expect(outcomes).toHaveLength(1)
  })

  it('does not end the process when it rejects asynchronously', async () => {
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
  it('publishes calls without any plugin', async () => {
    const started = listen('ivh:request:start')
    const retried = listen('ivh:request:retry')
    const ended = listen('ivh:request:end')
    const { ivh, clock } = await createTestClient(
      { script: { statsession: ({ count }) => (count === 1 ? { code: 100012 } : undefined) } },
      { maxRetries: 1 },
    )
    const calling = ivh.statSession(stat)
    await clock.advance(5_000)
    await calling
    expect(started).toMatchObject([{ request: { method: 'POST', path: statPath } }])
    expect(retried).toMatchObject([{ retry: { attempt: 1, error: { code: 100012 } } }])
    expect(ended).toMatchObject([{ outcome: { attempts: 2, status: 200, code: 0 } }])
    // Expect one object from start to end, so that it can be the key of a WeakMap.
    expect(retried[0]?.request).toBe(started[0]?.request)
    expect(ended[0]?.request).toBe(started[0]?.request)
  })

  it('publishes opens and session events', async () => {
    const started = listen('ivh:session:open:start')
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
    expect(started).toMatchObject([{ userId: 'u1' }, { userId: 'u2' }])
    expect(ended).toMatchObject([
      { openId: started[0]?.openId, sessionId: 'm1', error: undefined },
      { openId: started[1]?.openId, sessionId: undefined, error },
    ])
    expect(events).toMatchObject([
      { sessionId: 'm1', userId: 'u1', event: { type: 'opened' } },
      { sessionId: 'm1', event: { type: 'closed', detail: { reason: 'requested' } } },
    ])
  })
})
