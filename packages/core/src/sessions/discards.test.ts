import { describe, expect, it } from 'vitest'
import type { IvhClientOptions } from '../client/options'
import { driven, heard } from '../testing/driven-session'
import type { ScriptedAnswer, ScriptedCall, ScriptOptions } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const hourMs = 3_600_000
const refused = { fail: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }

/** A client whose service fails in some way for a while, from the moment when that begins. */
async function failing(
  options: {
    readonly failure: (call: ScriptedCall) => ScriptedAnswer | undefined
    readonly forMs: number
    readonly script?: ScriptOptions
  },
  clientOptions: IvhClientOptions = {},
) {
  let begun = Number.POSITIVE_INFINITY
  const { failure, forMs, script = {} } = options
  const answer = (call: ScriptedCall) =>
    client.clock.now() >= begun && client.clock.now() < begun + forMs ? failure(call) : undefined
  const client = await createTestClient(
    { ...script, script: { closesession: answer, listsessionofuin: answer, ...script.script } },
    clientOptions,
  )
  const begin = () => {
    begun = client.clock.now()
  }
  const end = () => {
    begun = Number.POSITIVE_INFINITY
  }
  return { ...client, begin, end }
}

/** An open that is aborted while its session is being prepared. */
async function abandoned(options: Parameters<typeof failing>[0]) {
  const client = await failing({ ...options, script: { preparingPolls: 999 } })
  const controller = new AbortController()
  const error = rejection(client.ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
  await client.clock.advance(1_000)
  client.begin()
  controller.abort()
  expect(await error).toMatchObject({ kind: 'abort' })
  return client
}

describe('a session that nobody holds', () => {
  it.each([
    ['the network is gone for 3 s', 3_000, refused],
    ['the network is gone for 20 minutes', 20 * 60_000, refused],
    ['it cannot be closed while it is prepared', 20_000, { code: 110014 }],
    ['the key is refused for a while', 60_000, { code: 100005 }],
  ] as const)('is closed in the end though %s', async (_name, forMs, answer) => {
    const { clock, transport, ivh } = await abandoned({ failure: () => answer, forMs })
    await clock.advance(hourMs)
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('is tried at pauses that grow up to 5 minutes, each failure logged', async () => {
    const { clock, transport, lines } = await abandoned({
      failure: () => ({ code: 100005 }),
      forMs: hourMs,
    })
    await clock.advance(hourMs)
    const closes = transport.endpoints().filter((name) => name === 'closesession').length
    expect(closes).toBeGreaterThan(14)
    expect(closes).toBeLessThan(20)
    expect(lines[0]).toMatch(
      /^Session m1 could not be closed and .* tried again in 5000 ms: .*100005/,
    )
    expect(lines.at(-1)).toMatch(/in 300000 ms/)
  })

  it('is left alone when the service says that it has ended, though it refuses the close', async () => {
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

  it('keeps an open that failed waiting no longer than a call may take', async () => {
    const { clock, ivh } = await createTestClient({
      script: { startsession: () => ({ code: 110014 }) },
      latencyMs: (endpoint) => (endpoint === 'closesession' ? 60_000 : 1),
    })
    const startedAt = clock.now()
    const failedAt = rejection(ivh.sessions.open(anyOpen)).then(() => clock.now())
    await clock.advance(20_000)
    expect((await failedAt) - startedAt).toBeLessThan(16_000)
  })

  it('keeps its UserId back no longer than a call may take', async () => {
    const { clock, ivh, transport } = await abandoned({
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

  it('is tried once by closeAll, which tells when that fails', async () => {
    const { clock, ivh, transport, end } = await abandoned({
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

describe('a create whose answer is lost while the list cannot be read', () => {
  const lost = { lost: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
  const createLost = async (forMs: number) => {
    const client = await failing({
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

  it('is looked for again until the list can be read', async () => {
    const { clock, transport } = await createLost(120_000)
    await clock.advance(hourMs)
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('is not forgotten by closeAll: it looks again, closes what it finds, and tells when it cannot', async () => {
    const { clock, ivh, transport, end } = await createLost(hourMs)
    await clock.advance(180_000)
    const error = rejection(ivh.sessions.closeAll())
    await clock.advance(180_000)
    expect([...transport.live]).toEqual(['m1'])
    end()
    const told = await error
    expect(told).toBeInstanceOf(AggregateError)
    expect(told).toMatchObject({ errors: [{ kind: 'transport' }] })
    const closed = ivh.close()
    await clock.advance(15_000)
    await closed
    expect(transport.live.size).toBe(0)
  })

  it('is forgotten when another session with its UserId was created, and that one is not closed', async () => {
    const { clock, ivh, transport } = await createLost(600_000)
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(hourMs)
    expect([...transport.live]).toEqual([(await opening).id])
    expect(transport.endpoints()).not.toContain('closesession')
    expect(clock.pending).toBe(0)
  })
})

describe('a session that the channel tells not to be ready', () => {
  it('tells `closed` when it is closed, however long that fails', async () => {
    let broken = true
    const { session, clock, service, ivh, transport } = await driven({
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

describe('many sessions at once', () => {
  it('are closed a dozen at a time, however fast the service refuses', async () => {
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

  it('do not wait for those whose close hangs', async () => {
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
