import { describe, expect, it } from 'vitest'
import { definePlugin } from '../../contracts/plugin'
import { anyOpen, createTestClient } from '../../testing/test-client'
import type { VirtualClock } from '../../testing/virtual-clock'

const hour = 3_600_000

/** How long it takes until a promise settles, on the clock that nobody sets. */
function lasting(clock: VirtualClock, promise: Promise<unknown>): Promise<number> {
  const now = () => clock.monotonic?.() ?? 0
  const startedAt = now()
  const end = () => now() - startedAt
  return promise.then(end, end)
}

describe.each([-hour, hour])('when the clock of the machine is set by %i ms', (byMs) => {
  it('a session that is being prepared is waited for as long as ever', async () => {
    const { ivh, clock } = await createTestClient({ preparingPolls: 10 })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(20_000)
    expect(await opening).toMatchObject({ state: 'open' })
  })

  it('the wait for concurrency ends when it should', async () => {
    const { ivh, clock } = await createTestClient({
      script: { createsessionbyasset: () => ({ code: 100008 }) },
    })
    const opening = ivh.sessions.open({ ...anyOpen, waitForQuota: { timeoutMs: 30_000 } })
    const took = lasting(clock, opening)
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(2 * hour)
    const tookMs = await took
    expect(tookMs).toBeGreaterThanOrEqual(30_000)
    expect(tookMs).toBeLessThan(31_000)
  })

  it('what a lost create has left is looked for again, and when it would be ready', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        createsessionbyasset: () => ({ lost: new Error('reset') }),
        // It shows in the list once it is ready.
        listsessionofuin: ({ count }) => (count < 4 ? { payload: { Sessions: [] } } : undefined),
      },
    })
    const opening = ivh.sessions.open(anyOpen).catch(() => {})
    await clock.advance(3_000)
    await opening
    clock.set(byMs)
    await clock.advance(123_000)
    expect(transport.live.size).toBe(0)
  })

  it('progress and plugins are told how long it took', async () => {
    const told: number[] = []
    const plugin = definePlugin({
      name: 'watch',
      onEvent: ({ type, detail }) => {
        if (type === 'opened') told.push(detail.elapsedMs)
      },
    })
    const { ivh, clock } = await createTestClient({ preparingPolls: 3 }, { plugins: [plugin] })
    const opening = ivh.sessions.open({
      ...anyOpen,
      onProgress: ({ phase, elapsedMs }) => void (phase === 'ready' && told.push(elapsedMs)),
    })
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(10_000)
    await opening
    expect(told).toHaveLength(2)
    for (const elapsedMs of told) {
      expect(elapsedMs).toBeGreaterThan(2_000)
      expect(elapsedMs).toBeLessThan(10_000)
    }
  })
})
