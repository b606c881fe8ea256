import { describe, expect, it } from 'vitest'
import { definePlugin } from '../../contracts/plugin'
import { IvhSessionError, isIvhError } from '../../errors'
import type { ScriptOptions } from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'

const hourMs = 3_600_000
const lost = { lost: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
const firstLost: ScriptOptions = {
  script: { createsessionbyasset: ({ count }) => (count === 1 ? lost : undefined) },
}

/** A session that takes effect late, as the account's list shows it. */
const lateRow = { SessionId: 'm77', UserId: 'u1', SessionStatus: 1, IsSessionStarted: false }
const closedIds = ({ calls }: Awaited<ReturnType<typeof createTestClient>>['transport']) =>
  calls
    .filter(({ endpoint }) => endpoint === 'closesession')
    .map(({ payload }) => payload.SessionId)

describe('sessions.open with a lost create response', () => {
  it('finds the session by its UserId and closes it', async () => {
    const { ivh, clock, transport } = await createTestClient(firstLost)
    const other = ivh.createSession({
      UserId: 'u2',
      Protocol: 'rtmp',
      DriverType: 1,
      VirtualmanProjectId: 'p',
    })
    await clock.advance(1)
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    expect(await error).toMatchObject({ kind: 'transport', notSent: false, attempt: 1 })
    await clock.drain()
    expect([...transport.live]).toEqual([(await other).SessionId])
    expect(ivh.sessions.list).toEqual([])
    // Expect one create: it is never repeated when the first may have arrived, for any maxRetries.
    expect(transport.endpoints().slice(1)).toEqual([
      'createsessionbyasset',
      'listsessionofuin',
      'closesession',
    ])
  })

  it('closes the session by the id in a late response, without reading the list', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { latencyMs: (endpoint) => (endpoint === 'createsessionbyasset' ? 15_000 : 1) },
      { timeoutMs: 10_000 },
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 10_000 })
    expect(transport.endpoints()).toEqual(['createsessionbyasset', 'closesession'])
    expect(transport.live.size).toBe(0)
  })

  it('searches again after 5 s, because the service may still be creating the session', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        ...firstLost.script,
        listsessionofuin: ({ count }) => (count === 1 ? { payload: {} } : undefined),
      },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_001)
    await error
    expect(transport.live.size).toBe(1)
    await clock.advance(10)
    expect(transport.live.size).toBe(0)
  })

  it('delays the next open with its UserId until the session is closed', async () => {
    const { ivh, clock, transport } = await createTestClient(firstLost)
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    await error
    const again = ivh.sessions.open(anyOpen)
    await clock.drain()
    const session = await again
    expect(transport.endpoints().slice(0, 4)).toEqual([
      'createsessionbyasset',
      'listsessionofuin',
      'closesession',
      'createsessionbyasset',
    ])
    expect([...transport.live]).toEqual([session.id])
  })

  it('lets closeAll find and close the session', async () => {
    const { ivh, clock, transport } = await createTestClient(firstLost)
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    await error
    const closed = ivh.sessions.closeAll()
    await clock.drain()
    await closed
    expect(transport.live.size).toBe(0)
  })

  it('does not close a session of the same UserId that this client holds', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { createsessionbyasset: ({ count }) => (count === 2 ? { fail: 'down' } : undefined) },
    })
    const opening = ivh.sessions.open(anyOpen)
    await clock.drain()
    const first = await opening
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    await error
    expect([...transport.live]).toEqual([first.id])
  })

  it('does not close ended sessions', async () => {
    const ended = [2, 4].map((SessionStatus) => ({
      ...{ SessionId: `m${SessionStatus}`, UserId: 'u1', SessionStatus },
    }))
    const { ivh, clock, transport } = await createTestClient({
      script: {
        createsessionbyasset: () => ({ fail: 'down' }),
        listsessionofuin: () => ({ payload: { Sessions: ended } }),
      },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    await error
    expect(transport.endpoints()).not.toContain('closesession')
  })

  it('logs an error when the list cannot be read', async () => {
    const { ivh, clock, transport, lines } = await createTestClient({
      script: { ...firstLost.script, listsessionofuin: () => ({ fail: 'down too' }) },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(121_000)
    expect(await error).toMatchObject({ kind: 'transport' })
    expect(
      transport.endpoints().filter((name) => name === 'listsessionofuin').length,
    ).toBeGreaterThan(9)
    expect(lines).toEqual([
      expect.stringMatching(
        /UserId u1 may have left a session open\. The search for that session failed\..*down too/,
      ),
    ])
  })
})

describe('two opens with one UserId', () => {
  it('C1: reject the second while the first is running', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const first = ivh.sessions.open(anyOpen)
    const error = await rejection(ivh.sessions.open(anyOpen))
    expect(error).toBeInstanceOf(IvhSessionError)
    expect(error).toMatchObject({
      reason: 'already-opening',
      message: expect.stringMatching(/userId "u1" is being opened.*abort it/),
    })
    await clock.drain()
    expect([...transport.live]).toEqual([(await first).id])
  })

  it('C1: close the session of an aborted open before the second creates one', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 1_000 })
    const controller = new AbortController()
    const first = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(1)
    controller.abort()
    await first
    const second = ivh.sessions.open(anyOpen)
    await clock.drain()
    expect(transport.endpoints()).toEqual([
      'createsessionbyasset',
      'closesession',
      'createsessionbyasset',
      'statsession',
      'startsession',
    ])
    expect([...transport.live]).toEqual([(await second).id])
  })

  it('C1: leave one session open when the first is aborted at once', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 1_000 })
    const controller = new AbortController()
    const first = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    controller.abort()
    const second = ivh.sessions.open(anyOpen)
    expect(await first).toMatchObject({ kind: 'abort' })
    await clock.drain()
    expect([...transport.live]).toEqual([(await second).id])
    expect(ivh.sessions.list).toHaveLength(1)
  })

  it('can each be aborted while they wait', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 1_000 })
    const controllers = [new AbortController(), new AbortController()]
    const errors: Promise<unknown>[] = []
    for (const { signal } of controllers) {
      errors.push(rejection(ivh.sessions.open({ ...anyOpen, signal })))
      await clock.advance(1)
      controllers[errors.length - 1]?.abort()
      expect(await errors.at(-1)).toMatchObject({ kind: 'abort' })
    }
    await clock.drain()
    expect(transport.created).toBe(1)
    expect(transport.live.size).toBe(0)
  })

  it('leave one session open when they run one after the other, because the service closes the first', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const first = ivh.sessions.open(anyOpen)
    await clock.drain()
    await first
    const second = ivh.sessions.open(anyOpen)
    await clock.drain()
    expect([...transport.live]).toEqual([(await second).id])
  })
})

describe('a create without effect', () => {
  it('is retried, but not after an abort', async () => {
    const { ivh, clock, transport } = await createTestClient(
      {
        script: { createsessionbyasset: ({ count }) => (count < 3 ? { code: 100012 } : undefined) },
      },
      { maxRetries: 2 },
    )
    const opening = ivh.sessions.open(anyOpen)
    await clock.drain()
    expect((await opening).id).toBe('m1')

    const controller = new AbortController()
    const busy = await createTestClient(
      { script: { createsessionbyasset: () => ({ code: 100012 }) } },
      { maxRetries: 2 },
    )
    const error = rejection(busy.ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await busy.clock.advance(2)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort' })
    await busy.clock.drain()
    expect(busy.transport.endpoints()).toEqual(['createsessionbyasset'])
    expect(transport.live.size).toBe(1)
  })
})

describe('an unknown session of a lost create that the list shows late', () => {
  /** Loses a create. Its session is in the list from `afterMs` on. */
  async function createListedAfter(afterMs: number, started = false) {
    const client = await createTestClient({
      script: {
        ...firstLost.script,
        listsessionofuin: () => ({ payload: { Sessions: now() < afterMs ? [] : rows() } }),
      },
    })
    const { clock, transport } = client
    const startedAt = clock.now()
    const now = () => clock.now() - startedAt
    const rows = () =>
      [...transport.live].map((SessionId) => ({
        ...{ SessionId, UserId: 'u1', SessionStatus: 1, IsSessionStarted: started },
      }))
    const error = rejection(client.ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 60_000 }))
    await clock.advance(1)
    await error
    return client
  }

  it.each([20_000, 55_000])(
    'is found after %i ms by a later search, logged and closed',
    async (ms) => {
      const { clock, transport, lines } = await createListedAfter(ms)
      await clock.advance(70_000)
      expect(transport.live.size).toBe(0)
      expect(lines).toEqual([
        expect.stringMatching(/the account's list shows no session of it yet\. The search goes on/),
        expect.stringMatching(/^Closing m1: found .*UserId u1 got no response/),
      ])
      expect(clock.pending).toBe(0)
    },
  )

  it('is searched for a limited time only', async () => {
    const { clock, transport } = await createListedAfter(hourMs)
    await clock.drain()
    expect(transport.endpoints().filter((name) => name === 'listsessionofuin')).toHaveLength(5)
  })

  it('does not end the session of a later open with its UserId', async () => {
    const { clock, ivh, transport } = await createListedAfter(30_000)
    await clock.advance(10_000)
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(2_000)
    const session = await opening
    await clock.advance(hourMs)
    expect([...transport.live]).toEqual([session.id])
    expect(session.state).toBe('open')
    expect(transport.endpoints()).not.toContain('closesession')
  })

  it('is not closed when it is started, because a lost create never starts its session', async () => {
    const { clock, transport } = await createListedAfter(0, true)
    await clock.drain()
    expect([...transport.live]).toEqual(['m1'])
  })
})

describe('sessions.open after a failed create', () => {
  it('searches for a session after an error that is not an IvhError', async () => {
    const observer = definePlugin({ name: 'observer', onRequest: () => ({}) })
    const { ivh, clock, transport } = await createTestClient({}, { plugins: [observer] })
    const { send } = transport
    let broken = true
    transport.send = async (...given) => {
      const response = await send.apply(transport, given)
      if (!broken) return response
      broken = false
      const faulty = { ...response }
      Object.defineProperty(faulty, 'status', {
        get() {
          throw new TypeError('a bug')
        },
      })
      return faulty
    }
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toBeInstanceOf(TypeError)
    expect(transport.created).toBe(1)
    expect(transport.live.size).toBe(0)
  })

  it('closes no session by its chosen id when the request was never sent', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { script: { createsessionbyasset: () => ({ fail: { code: 'ECONNREFUSED' } }) } },
      { environment: 'private' },
    )
    const error = rejection(ivh.sessions.open({ ...anyOpen, sessionId: 'kiosk-1' }))
    await clock.drain()
    expect(await error).toMatchObject({ notSent: true })
    expect(transport.endpoints()).toEqual(['createsessionbyasset'])
  })
})

describe('a create that exceeds its timeout', () => {
  it('rejects with the cause and states that nothing was created', async () => {
    const { ivh, clock } = await createTestClient(
      { script: { createsessionbyasset: () => ({ fail: { code: 'ECONNREFUSED' } }) } },
      { maxRetries: 9, timeoutMs: 3_000 },
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toMatchObject({
      ...{ kind: 'timeout', timeoutMs: 3_000, cause: { kind: 'transport', notSent: true } },
      ...{ path: expect.stringContaining('createsessionbyasset'), attempt: 4 },
      message: expect.stringMatching(/Nothing was created/),
    })
  })
})

describe('a create that may still take effect', () => {
  it('makes close() reject and name it, until two minutes have passed', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { ...firstLost.script, listsessionofuin: () => ({ payload: { Sessions: [] } }) },
    })
    const lostOpen = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    const error = await lostOpen
    expect(transport.live.size).toBe(1)
    const closing = rejection(ivh.close())
    await clock.advance(6_000)
    expect(await closing).toMatchObject({
      errors: [
        { kind: 'session', reason: 'outcome-unknown', message: expect.stringMatching(/"u1"/) },
      ],
    })
    let isClean = false
    void (isIvhError(error) ? error.cleanup : undefined)?.then(() => {
      isClean = true
    })
    await clock.advance(110_000)
    expect(isClean).toBe(false)
    await clock.advance(10_000)
    expect(isClean).toBe(true)
    const again = ivh.close()
    await clock.drain()
    await again
  })

  it('is searched for beyond a short readyTimeoutMs', async () => {
    const client = await createTestClient({
      script: {
        ...firstLost.script,
        listsessionofuin: () => (clock.now() - startedAt < 50_000 ? { payload: {} } : undefined),
      },
    })
    const { ivh, clock, transport } = client
    const startedAt = clock.now()
    const error = rejection(ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 10_000 }))
    await clock.advance(70_000)
    await error
    expect(transport.live.size).toBe(0)
  })

  it('is searched for although its UserId was opened again meanwhile', async () => {
    let isLate = false
    const { ivh, clock, transport } = await createTestClient({
      script: {
        createsessionbyasset: ({ count }) => (count === 1 ? { fail: 'down' } : undefined),
        listsessionofuin: () => (isLate ? { payload: { Sessions: [lateRow] } } : undefined),
      },
    })
    const lostOpen = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(6_000)
    await lostOpen
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    await opening
    // The first create takes effect now: its session replaces the second one.
    isLate = true
    await clock.advance(30_000)
    expect(closedIds(transport)).toEqual(['m77'])
  })

  it('is searched for after a list with an empty SessionId', async () => {
    const damaged = { payload: { Sessions: [{ SessionId: '', UserId: 'u1', SessionStatus: 1 }] } }
    const { ivh, clock, transport } = await createTestClient({
      script: {
        ...firstLost.script,
        listsessionofuin: ({ count }) => (count === 1 ? damaged : undefined),
      },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    expect(await error).toMatchObject({ kind: 'transport' })
    await clock.advance(60_000)
    expect(transport.live.size).toBe(0)
    expect(clock.pending).toBe(0)
  })
})

describe('a create that was delivered twice', () => {
  it('is closed when nobody has started its session', async () => {
    const { ivh, clock, transport, lines } = await createTestClient({
      script: {
        statsession: () => ({ payload: { SessionStatus: 2, CloseType: 5 } }),
        closesession: ({ count }) => (count === 1 ? { code: 110013 } : undefined),
        listsessionofuin: () => ({ payload: { Sessions: [lateRow] } }),
      },
      preparingPolls: 1,
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(2_000)
    expect(await error).toMatchObject({ kind: 'session', reason: 'closed' })
    await clock.advance(122_000)
    expect(closedIds(transport)).not.toContain('m77')
    await clock.advance(3_000)
    expect(closedIds(transport)).toContain('m77')
    expect(lines).toEqual([expect.stringMatching(/^Closing m77: nobody has started it/)])
    expect(clock.pending).toBe(0)
  })

  it('is closed, too, when the first answer came too late for its open', async () => {
    const { ivh, clock, transport } = await createTestClient(
      {
        latencyMs: (endpoint) => (endpoint === 'createsessionbyasset' ? 15_000 : 1),
        script: {
          closesession: ({ count }) => (count === 1 ? { code: 110022 } : undefined),
          listsessionofuin: () => ({ payload: { Sessions: [lateRow] } }),
        },
      },
      { timeoutMs: 10_000 },
    )
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(16_000)
    expect(await error).toMatchObject({ kind: 'timeout' })
    await clock.advance(126_000)
    expect(closedIds(transport)).toContain('m77')
  })

  it('leaves a session alone that another process has opened with the UserId', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        statsession: () => ({ payload: { SessionStatus: 2, CloseType: 5 } }),
        closesession: () => ({ code: 110013 }),
        listsessionofuin: () => ({
          payload: { Sessions: [{ ...lateRow, IsSessionStarted: true }] },
        }),
      },
      preparingPolls: 1,
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(300_000)
    expect(await error).toMatchObject({ kind: 'session', reason: 'closed' })
    expect(transport.endpoints()).toContain('listsessionofuin')
    expect(closedIds(transport)).not.toContain('m77')
  })
})
