import { describe, expect, it } from 'vitest'
import type { ScriptedAnswer, ScriptedCall } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

type List = (states: ReadonlyMap<string, number>, call: ScriptedCall) => ScriptedAnswer | undefined

/** Opens sessions together; each becomes ready `readyAfterMs` after the first, or as told by its number. */
async function many(count: number, options: { readyAfterMs?: number; list?: List } = {}) {
  const { readyAfterMs = 10_000, list } = options
  const { signal, abort } = abortable()
  const ids = Array.from({ length: count }, (_, index) => `m${index + 1}`)
  const client = await createTestClient(
    {
      script: {
        createsessionbyasset: ({ payload }) => ({
          payload: { SessionId: `m${String(payload.UserId).slice(1)}`, SessionStatus: 3 },
        }),
        statsession: () => ({ payload: { SessionStatus: isReady() ? 1 : 3 } }),
        listsessionofuin: (call) => {
          const states = new Map(ids.map((id) => [id, isReady() ? 1 : 3]))
          return list ? (list(states, call) ?? listed(states)) : listed(states)
        },
      },
    },
    { random: Math.random },
  )
  const { clock, ivh, transport } = client
  const startedAt = clock.now()
  const isReady = () => clock.now() >= startedAt + readyAfterMs
  const opened = Promise.allSettled(
    ids.map((_, index) =>
      ivh.sessions.open({ ...anyOpen, userId: `u${index + 1}`, signal: signal(index) }),
    ),
  )
  const calls = (endpoint: string) => transport.endpoints().filter((name) => name === endpoint)
  return { ...client, opened, calls, abort }
}

function abortable() {
  const controllers = new Map<number, AbortController>()
  return {
    signal: (index: number) => {
      const controller = new AbortController()
      controllers.set(index, controller)
      return controller.signal
    },
    abort: (index: number) => controllers.get(index)?.abort(),
  }
}

function listed(states: ReadonlyMap<string, number>): ScriptedAnswer {
  const Sessions = [...states].map(([SessionId, SessionStatus]) => ({
    ...{ SessionId, SessionStatus, UserId: 'u' },
  }))
  return { payload: { Sessions } }
}

const fulfilled = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length

describe('many sessions that wait to become ready', () => {
  it('10,000 take one timer, one list a second and one statsession each', async () => {
    const { clock, opened, calls } = await many(10_000, { readyAfterMs: 10_000 })
    await clock.advance(5_500)
    expect(clock.pending).toBe(1)
    expect(calls('statsession')).toEqual([])
    expect(calls('listsessionofuin').length).toBeLessThanOrEqual(6)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(10_000)
    expect(calls('statsession')).toHaveLength(10_000)
    expect(calls('listsessionofuin').length).toBeLessThanOrEqual(12)
    expect(clock.pending).toBe(0)
  }, 60_000)

  it('a few are asked about one by one', async () => {
    const { clock, opened, calls } = await many(4)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(4)
    expect(calls('listsessionofuin')).toEqual([])
    expect(calls('statsession').length).toBeGreaterThanOrEqual(40)
  })

  it('no more than 64 calls are under way at once, and the looks spread', async () => {
    const { clock, opened, calls } = await many(1_000, { list: () => ({ code: 100005 }) })
    await clock.advance(1 + 125)
    const before = calls('statsession').length
    await clock.advance(0)
    expect(calls('statsession').length - before).toBeLessThanOrEqual(64)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(1_000)
  })

  it.each<[string, List]>([
    ['refused', () => ({ code: 100005 })],
    ['unreachable', () => ({ fail: 'down' })],
    ['empty', () => listed(new Map())],
    ['cut off after a few rows', (states) => listed(new Map([...states].slice(0, 3)))],
  ])('a list that is %s is left alone, longer each time', async (_name, list) => {
    const { clock, opened, calls } = await many(20, { readyAfterMs: 40_000, list })
    await clock.advance(60_000)
    expect(fulfilled(await opened)).toBe(20)
    // At 0, 5, 15 and 35 s.
    expect(calls('listsessionofuin').length).toBe(4)
    expect(calls('statsession').length).toBeGreaterThan(20 * 35)
    await clock.drain()
    expect(clock.pending).toBe(0)
  })

  it('a list that lies "preparing" holds nobody back for more than a minute', async () => {
    const { clock, opened } = await many(20, {
      readyAfterMs: 2_000,
      list: (states) => listed(new Map([...states.keys()].map((id) => [id, 3]))),
    })
    await clock.advance(61_500)
    expect(fulfilled(await opened)).toBe(20)
  })

  it.each([1, 2, 4])('a list that lies %i ends no wait', async (status) => {
    const { clock, opened, ivh } = await many(20, {
      readyAfterMs: 5_000,
      list: (states) => listed(new Map([...states.keys()].map((id) => [id, status]))),
    })
    await clock.advance(4_900)
    expect(ivh.sessions.list).toHaveLength(0)
    await clock.advance(2_000)
    expect(fulfilled(await opened)).toBe(20)
  })

  it('a session that the list misses is asked about at its own pace', async () => {
    const { clock, opened, transport } = await many(20, {
      list: (states) => listed(new Map([...states].filter(([id]) => id !== 'm7'))),
    })
    await clock.advance(9_000)
    const asked = transport.calls
      .filter(({ endpoint }) => endpoint === 'statsession')
      .map(({ payload }) => payload.SessionId)
    expect(new Set(asked)).toEqual(new Set(['m7']))
    expect(asked.length).toBeGreaterThanOrEqual(8)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(20)
  })

  it('some are aborted: they reject at once, the others become ready', async () => {
    const { clock, opened, transport, abort, calls } = await many(100)
    await clock.advance(3_000)
    for (let index = 0; index < 50; index += 1) abort(index)
    await clock.advance(10)
    expect(calls('closesession')).toHaveLength(50)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(50)
    expect(transport.endpoints().filter((name) => name === 'startsession')).toHaveLength(50)
    expect(clock.pending).toBe(0)
  })

  it('no timer is left when all give up, even while a list is under way', async () => {
    const { clock, opened, abort } = await many(20, {
      list: () => ({ fail: 'down' }),
    })
    await clock.advance(300)
    for (let index = 0; index < 20; index += 1) abort(index)
    await clock.advance(1)
    expect(fulfilled(await opened)).toBe(0)
    await clock.advance(1)
    expect(clock.pending).toBe(0)
  })

  it('C17: each gives up at its own time, however long the list hangs', async () => {
    const { clock, ivh } = await createTestClient({
      preparingPolls: 99_999,
      latencyMs: (endpoint) => (endpoint === 'listsessionofuin' ? 60_000 : 1),
    })
    const errors = Array.from({ length: 10 }, (_, index) =>
      rejection(
        ivh.sessions.open({ ...anyOpen, userId: `u${index}`, readyTimeoutMs: 1_000 + index }),
      ),
    )
    await clock.advance(1_030)
    for (const [index, error] of errors.entries()) {
      expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 1_000 + index })
    }
  })

  it('looks again no sooner than the service asked for', async () => {
    const busy = { status: 429, headers: { 'retry-after': '20' }, body: '' }
    const { clock, ivh, transport } = await createTestClient({
      script: { statsession: ({ count }) => (count === 1 ? { raw: busy } : undefined) },
    })
    const looks = () => transport.endpoints().filter((name) => name === 'statsession').length
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(20_000)
    expect(looks()).toBe(1)
    await clock.advance(1_000)
    expect(looks()).toBe(2)
    expect((await opening).state).toBe('open')
  })

  it('goes on when the clock is put back', async () => {
    let shiftMs = 0
    const real = await createTestClient({ preparingPolls: 3 })
    const clock = { after: real.clock.after, now: () => real.clock.now() + shiftMs }
    const { ivh } = await createTestClient({}, { clock, transport: real.transport })
    const opening = ivh.sessions.open(anyOpen)
    await real.clock.advance(500)
    shiftMs = -3_600_000
    await real.clock.advance(5_000)
    expect((await opening).id).toBe('m1')
  })

  it('a look that hangs is given up soon after the time is over', async () => {
    const { clock, ivh } = await createTestClient({
      latencyMs: (endpoint) => (endpoint === 'statsession' ? 60_000 : 1),
    })
    const startedAt = clock.now()
    const error = rejection(ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 3_000 }))
    const tookMs = error.then(() => clock.now() - startedAt)
    await clock.advance(30_000)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 3_000 })
    expect(await tookMs).toBeLessThanOrEqual(4_100)
  })

  it.each([
    ['is the cause when the last look met it', () => true, true],
    ['is no cause when a later look got an answer', (count: number) => count === 1, false],
  ])('a failure %s', async (_name, fails, isCause) => {
    const { clock, ivh } = await createTestClient({
      preparingPolls: 99_999,
      script: { statsession: ({ count }) => (fails(count) ? { fail: 'down' } : undefined) },
    })
    const error = rejection(ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 3_000 }))
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'timeout' })
    expect(Object(await error).cause !== undefined).toBe(isCause)
  })

  it('a list that hangs is given up with the last who waits', async () => {
    const controller = new AbortController()
    const { clock, ivh, transport } = await createTestClient({
      preparingPolls: 99_999,
      latencyMs: (endpoint) => (endpoint === 'listsessionofuin' ? 60_000 : 1),
    })
    const errors = Array.from({ length: 10 }, (_, index) =>
      rejection(ivh.sessions.open({ ...anyOpen, userId: `u${index}`, signal: controller.signal })),
    )
    await clock.advance(300)
    expect(transport.endpoints()).toContain('listsessionofuin')
    controller.abort()
    await clock.advance(5)
    await Promise.all(errors)
    expect(clock.pending).toBe(0)
  })

  it('a list that says "preparing" spares each session its looks, but for one in half a minute', async () => {
    const { clock, opened, calls } = await many(20, { readyAfterMs: 110_000 })
    await clock.advance(109_000)
    // At least one look each, at most one in 30 s each.
    expect(calls('statsession').length).toBeGreaterThanOrEqual(20)
    expect(calls('statsession').length).toBeLessThanOrEqual(60)
    await clock.advance(11_000)
    expect(fulfilled(await opened)).toBe(20)
  })
})
