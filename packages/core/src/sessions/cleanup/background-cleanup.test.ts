import { describe, expect, it } from 'vitest'
import type { IvhClientOptions } from '../../options/client-options'
import { heard, openTestSession } from '../../testing/open-test-session'
import type {
  ScriptedCall,
  ScriptedResponse,
  ScriptOptions,
} from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'

const hourMs = 3_600_000
const refused = { fail: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }

/** Creates a client whose service fails for `forMs` after `begin()`. */
async function createFailingClient(
  options: {
    readonly failure: (call: ScriptedCall) => ScriptedResponse | undefined
    readonly forMs: number
    readonly script?: ScriptOptions
  },
  clientOptions: IvhClientOptions = {},
) {
  let startedAt = Number.POSITIVE_INFINITY
  const { failure, forMs, script = {} } = options
  const response = (call: ScriptedCall) =>
    client.clock.now() >= startedAt && client.clock.now() < startedAt + forMs
      ? failure(call)
      : undefined
  const client = await createTestClient(
    { ...script, script: { closesession: response, listsessionofuin: response, ...script.script } },
    clientOptions,
  )
  const begin = () => {
    startedAt = client.clock.now()
  }
  const end = () => {
    startedAt = Number.POSITIVE_INFINITY
  }
  return { ...client, begin, end }
}

/** Aborts an open while its session is preparing. */
async function abortPreparing(options: Parameters<typeof createFailingClient>[0]) {
  const client = await createFailingClient({ ...options, script: { preparingPolls: 999 } })
  const controller = new AbortController()
  const error = rejection(client.ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
  await client.clock.advance(1_000)
  client.begin()
  controller.abort()
  expect(await error).toMatchObject({ kind: 'abort' })
  return client
}

describe('the background close', () => {
  it.each([
    ['the network is down for 3 s', 3_000, refused],
    ['the network is down for 20 minutes', 20 * 60_000, refused],
    ['the session cannot be closed while it is preparing', 20_000, { code: 110014 }],
    ['the key is refused for a minute', 60_000, { code: 100005 }],
  ] as const)('succeeds eventually when %s', async (_name, forMs, response) => {
    const { clock, transport, ivh } = await abortPreparing({ failure: () => response, forMs })
    await clock.advance(hourMs)
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('is retried after pauses that grow to 5 minutes, and each failure is logged', async () => {
    const { clock, transport, lines } = await abortPreparing({
      failure: () => ({ code: 100005 }),
      forMs: hourMs,
    })
    await clock.advance(hourMs)
    const closes = transport.endpoints().filter((name) => name === 'closesession').length
    expect(closes).toBeGreaterThan(14)
    expect(closes).toBeLessThan(20)
    expect(lines[0]).toMatch(
      /^Session m1 could not be closed and .*Next attempt in 5000 ms\. Cause: .*100005/,
    )
    expect(lines.at(-1)).toMatch(/in 300000 ms/)
  })

  it('stops when the service reports that the session has ended', async () => {
    const { clock, ivh } = await createTestClient({
      script: {
        closesession: () => ({ code: 110014 }),
        statsession: () => ({ payload: { SessionStatus: 4, ErrorCode: -111003 } }),
      },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toMatchObject({ reason: 'creation-failed' })
    expect(ivh.sessions.list).toEqual([])
  })

  it('delays a failed open no longer than the timeout of a call', async () => {
    const { clock, ivh } = await createTestClient({
      script: { startsession: () => ({ code: 110014 }) },
      latencyMs: (endpoint) => (endpoint === 'closesession' ? 60_000 : 1),
    })
    const startedAt = clock.now()
    const failedAt = rejection(ivh.sessions.open(anyOpen)).then(() => clock.now())
    await clock.advance(20_000)
    expect((await failedAt) - startedAt).toBeLessThan(16_000)
  })

  it('delays the next open with its UserId no longer than the timeout of a call', async () => {
    const { clock, ivh, transport } = await abortPreparing({
      failure: () => ({ code: 110014 }),
      forMs: hourMs,
    })
    const opening = ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 5_000 })
    const error = rejection(opening)
    await clock.advance(16_000)
    expect(transport.created).toBe(2)
    await clock.advance(2 * hourMs)
    expect(await error).toMatchObject({ kind: 'timeout' })
    expect(transport.live.size).toBe(0)
  })

  it('is attempted once by closeAll, which rejects when it fails', async () => {
    const { clock, ivh, transport, end } = await abortPreparing({
      failure: () => refused,
      forMs: hourMs,
    })
    await clock.advance(10_000)
    const error = rejection(ivh.sessions.closeAll())
    await clock.advance(180_000)
    expect(await error).toMatchObject({ errors: [{ kind: 'transport', sessionId: 'm1' }] })
    end()
    const again = ivh.sessions.closeAll()
    await clock.advance(15_000)
    await again
    expect(transport.live.size).toBe(0)
  })
})

describe('the background search for a lost create', () => {
  const lost = { lost: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
  const createLost = async (forMs: number) => {
    const client = await createFailingClient({
      ...{ failure: () => refused, forMs },
      script: {
        script: { createsessionbyasset: ({ count }) => (count === 1 ? lost : undefined) },
      },
    })
    client.begin()
    const error = rejection(client.ivh.sessions.open(anyOpen))
    await client.clock.advance(1)
    expect(await error).toMatchObject({ kind: 'transport' })
    return client
  }

  it('is retried until the list can be read', async () => {
    const { clock, transport } = await createLost(120_000)
    await clock.advance(hourMs)
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('is repeated by closeAll, which closes the session or rejects', async () => {
    const { clock, ivh, transport, end } = await createLost(hourMs)
    await clock.advance(180_000)
    const error = rejection(ivh.sessions.closeAll())
    await clock.advance(180_000)
    expect([...transport.live]).toEqual(['m1'])
    end()
    const reported = await error
    expect(reported).toBeInstanceOf(AggregateError)
    expect(reported).toMatchObject({ errors: [{ kind: 'transport' }] })
    const closed = ivh.close()
    await clock.advance(15_000)
    await closed
    expect(transport.live.size).toBe(0)
  })

  it('stops when another session with its UserId was created, and does not close that session', async () => {
    const { clock, ivh, transport } = await createLost(600_000)
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(hourMs)
    expect([...transport.live]).toEqual([(await opening).id])
    expect(transport.endpoints()).not.toContain('closesession')
    expect(clock.pending).toBe(0)
  })
})

describe('a session that the channel reports as not ready', () => {
  it('emits `closed` when it is finally closed', async () => {
    let broken = true
    const { session, clock, service, ivh, transport } = await openTestSession({
      script: { script: { closesession: () => (broken ? refused : undefined) } },
    })
    const events = heard(session)
    const connected = session.connect()
    await clock.advance(20)
    await connected
    service.last.tell({ Type: 9, ReqId: '' }, { Code: 110014, Message: 'gone', RequestID: 'gz9' })
    await clock.advance(200_000)
    expect(session.state).toBe('closing')
    expect(ivh.sessions.list).toEqual([session])
    broken = false
    await clock.advance(60_000)
    expect(events.at(-1)).toBe('closed: not-ready')
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
  })
})

describe('many sessions', () => {
  it('are closed at most twelve at a time, even when the service refuses each close quickly', async () => {
    const perSecond = 20
    let second = 0
    let taken = 0
    const client = await createTestClient(
      {
        latencyMs: () => 40,
        script: {
          closesession: () => {
            const now = Math.floor(client.clock.now() / 1_000)
            if (now !== second) taken = 0
            second = now
            taken += 1
            return taken > perSecond ? { code: 100012 } : undefined
          },
        },
      },
      { random: Math.random },
    )
    const { ivh, clock, transport } = client
    const opening = Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        ivh.sessions.open({ ...anyOpen, userId: `v${index}` }),
      ),
    )
    await clock.advance(10_000)
    await opening
    const closing = ivh.sessions.closeAll().catch(() => {})
    await clock.advance(20)
    expect(transport.endpoints().filter((name) => name === 'closesession')).toHaveLength(12)
    await clock.drain()
    await closing
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('are closed without waiting for a close that hangs', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { latencyMs: (endpoint) => (endpoint === 'closesession' ? 10_000 : 1) },
      {},
    )
    const opening = Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ivh.sessions.open({ ...anyOpen, userId: `v${index}` }),
      ),
    )
    await clock.advance(1_000)
    await opening
    const closing = ivh.sessions.closeAll()
    await clock.advance(8_000)
    expect(transport.live.size).toBe(0)
    await clock.advance(10_000)
    await closing
  })
})
