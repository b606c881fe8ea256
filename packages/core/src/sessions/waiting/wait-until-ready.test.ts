import { describe, expect, it } from 'vitest'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'

/** Opens `count` sessions at once. All become ready `readyAfterMs` after the start. */
async function openMany(count: number, readyAfterMs = 10_000) {
  const client = await createTestClient(
    {
      script: {
        createsessionbyasset: ({ payload }) => ({
          payload: { SessionId: `m${String(payload.UserId).slice(1)}`, SessionStatus: 3 },
        }),
        statsession: () => ({ payload: { SessionStatus: isReady() ? 1 : 3 } }),
        closesession: () => ({ payload: {} }),
      },
    },
    { random: Math.random },
  )
  const { clock, ivh, transport } = client
  const startedAt = clock.now()
  const isReady = () => clock.now() >= startedAt + readyAfterMs
  const controllers = Array.from({ length: count }, () => new AbortController())
  const opened = Promise.allSettled(
    controllers.map(({ signal }, index) =>
      ivh.sessions.open({ ...anyOpen, userId: `u${index + 1}`, signal }),
    ),
  )
  const calls = (endpoint: string) => transport.endpoints().filter((name) => name === endpoint)
  return { ...client, opened, calls, abort: (index: number) => controllers[index]?.abort() }
}

const fulfilled = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length

describe('preparing sessions', () => {
  it('are each polled once per interval', async () => {
    const { clock, opened, calls } = await openMany(4)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(4)
    expect(calls('statsession').length).toBeGreaterThanOrEqual(40)
    expect(calls('statsession').length).toBeLessThanOrEqual(48)
    expect(clock.pending).toBe(0)
  })

  it('share a limit of 64 concurrent polls and spread over the interval', async () => {
    const { clock, opened, calls } = await openMany(300)
    await clock.advance(1 + 125)
    const before = calls('statsession').length
    await clock.advance(0)
    expect(calls('statsession').length - before).toBeLessThanOrEqual(64)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(300)
  })

  it('reject at once when aborted, while the others become ready', async () => {
    const { clock, opened, calls, abort } = await openMany(50)
    await clock.advance(3_000)
    for (let index = 0; index < 25; index += 1) abort(index)
    await clock.advance(10)
    expect(calls('closesession')).toHaveLength(25)
    await clock.drain()
    expect(fulfilled(await opened)).toBe(25)
    expect(calls('startsession')).toHaveLength(25)
    expect(clock.pending).toBe(0)
  })

  it('leave no timer when all are aborted', async () => {
    const { clock, opened, abort } = await openMany(20)
    await clock.advance(300)
    for (let index = 0; index < 20; index += 1) abort(index)
    await clock.advance(1)
    expect(fulfilled(await opened)).toBe(0)
    await clock.advance(1)
    expect(clock.pending).toBe(0)
  })

  it('C17: time out after their own readyTimeoutMs', async () => {
    const { clock, ivh } = await createTestClient({ preparingPolls: 99_999 })
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

  it('are not polled before Retry-After', async () => {
    const busy = { status: 429, headers: { 'retry-after': '20' }, body: '' }
    const { clock, ivh, transport } = await createTestClient({
      script: { statsession: ({ count }) => (count === 1 ? { raw: busy } : undefined) },
    })
    const polls = () => transport.endpoints().filter((name) => name === 'statsession').length
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(20_000)
    expect(polls()).toBe(1)
    await clock.advance(1_000)
    expect(polls()).toBe(2)
    expect((await opening).state).toBe('open')
  })

  it('are still polled after the clock is set back', async () => {
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

  it('time out soon after readyTimeoutMs although a poll hangs', async () => {
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
    ['with the failure of the last poll as the cause', () => true, true],
    ['without a cause when a later poll succeeded', (count: number) => count === 1, false],
  ])('time out %s', async (_name, fails, isCause) => {
    const { clock, ivh } = await createTestClient({
      preparingPolls: 99_999,
      script: { statsession: ({ count }) => (fails(count) ? { fail: 'down' } : undefined) },
    })
    const error = rejection(ivh.sessions.open({ ...anyOpen, readyTimeoutMs: 3_000 }))
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'timeout' })
    expect(Object(await error).cause !== undefined).toBe(isCause)
  })
})
