import { describe, expect, it } from 'vitest'
import { definePlugin } from '../../contracts/plugin'
import { anyOpen, createTestClient } from '../../testing/test-client'
import type { VirtualClock } from '../../testing/virtual-clock'

const hour = 3_600_000

/** Returns how long a promise takes to settle, on the monotonic clock. */
function durationOf(clock: VirtualClock, promise: Promise<unknown>): Promise<number> {
  const now = () => clock.monotonic?.() ?? 0
  const startedAt = now()
  const end = () => now() - startedAt
  return promise.then(end, end)
}

describe.each([-hour, hour])('a wall clock that changes by %i ms', (byMs) => {
  it('does not change the wait for a preparing session', async () => {
    const { ivh, clock } = await createTestClient({ preparingPolls: 10 })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(20_000)
    expect(await opening).toMatchObject({ state: 'open' })
  })

  it('does not change the end of the wait for concurrency', async () => {
    const { ivh, clock } = await createTestClient({
      script: { createsessionbyasset: () => ({ code: 100008 }) },
    })
    const opening = ivh.sessions.open({ ...anyOpen, waitForQuota: { timeoutMs: 30_000 } })
    const took = durationOf(clock, opening)
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(2 * hour)
    const tookMs = await took
    expect(tookMs).toBeGreaterThanOrEqual(30_000)
    expect(tookMs).toBeLessThan(31_000)
  })

  it('does not stop the search for a lost create', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        createsessionbyasset: () => ({ lost: new Error('reset') }),
        // List the session only when it is ready.
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

  it('does not change the durations that progress and plugins receive', async () => {
    const durations: number[] = []
    const plugin = definePlugin({
      name: 'watcher',
      onEvent: ({ type, detail }) => {
        if (type === 'opened') durations.push(detail.elapsedMs)
      },
    })
    const { ivh, clock } = await createTestClient({ preparingPolls: 3 }, { plugins: [plugin] })
    const opening = ivh.sessions.open({
      ...anyOpen,
      onProgress: ({ phase, elapsedMs }) => void (phase === 'ready' && durations.push(elapsedMs)),
    })
    await clock.advance(2_000)
    clock.set(byMs)
    await clock.advance(10_000)
    await opening
    expect(durations).toHaveLength(2)
    for (const elapsedMs of durations) {
      expect(elapsedMs).toBeGreaterThan(2_000)
      expect(elapsedMs).toBeLessThan(10_000)
    }
  })
})
