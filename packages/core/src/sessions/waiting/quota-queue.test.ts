import { describe, expect, it } from 'vitest'
import { IvhApiError, IvhConfigError } from '../../errors'
import { resolveOptions } from '../../options/resolve-options'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import { createVirtualClock } from '../../testing/virtual-clock'
import { createQuotaQueue } from './quota-queue'

/** Creates a client of an account with this concurrency. */
async function account(slots: number, code = 100008) {
  const client = await createTestClient({
    script: {
      createsessionbyasset: () => (client.transport.live.size >= slots ? { code } : undefined),
    },
  })
  const { ivh, clock, transport } = client
  const open = (userId: string, options: object = {}) =>
    ivh.sessions.open({ ...anyOpen, userId, ...options })
  const creates = () => transport.endpoints().filter((name) => name.startsWith('create')).length
  return { ...client, clock, open, creates }
}
const waitForQuota = { timeoutMs: 30_000 }

describe('C9: sessions.open without free concurrency', () => {
  it('rejects with the active sessions of the account', async () => {
    const { clock, open, ivh } = await account(2)
    const first = open('u1')
    void ivh.createSessionByAsset({
      ...{ AssetVirtualmanKey: 'a', UserId: 'elsewhere', Protocol: 'rtmp', DriverType: 1 },
    })
    await clock.advance(1_000)
    await first
    const error = rejection(open('u3'))
    await clock.advance(10)
    expect(await error).toBeInstanceOf(IvhApiError)
    expect(await error).toMatchObject({
      code: 100008,
      category: 'concurrency',
      activeSessions: [
        { userId: 'elsewhere', openedHere: false },
        { userId: 'u1', openedHere: true },
      ],
      message: expect.stringMatching(
        /2 of the account's sessions.*1 of them opened by this client/,
      ),
    })
  })

  it('rejects with the original error when the list fails or hangs', async () => {
    for (const slow of [false, true]) {
      const { clock, ivh } = await createTestClient({
        script: {
          createsessionbyasset: () => ({ code: 100008 }),
          listsessionofuin: () => ({ fail: 'down' }),
        },
        latencyMs: (endpoint) => (slow && endpoint === 'listsessionofuin' ? 60_000 : 1),
      })
      const error = rejection(ivh.sessions.open(anyOpen))
      await clock.advance(2_010)
      expect(await error).toMatchObject({ code: 100008, activeSessions: undefined })
    }
  })

  it('rejects with the abort when it is aborted during the list call', async () => {
    const { clock, ivh } = await createTestClient({
      script: { createsessionbyasset: () => ({ code: 100008 }) },
      latencyMs: (endpoint) => (endpoint === 'listsessionofuin' ? 1_000 : 1),
    })
    const controller = new AbortController()
    const { signal } = controller
    const aborted = rejection(ivh.sessions.open({ ...anyOpen, signal }))
    const closed = rejection(ivh.sessions.open({ ...anyOpen, userId: 'u2' }))
    await clock.advance(10)
    controller.abort()
    const closing = ivh.sessions.closeAll()
    await clock.advance(0)
    await closing
    expect(await aborted).toMatchObject({ kind: 'abort' })
    expect(await closed).toMatchObject({ reason: 'client-closed' })
  })

  it('waits with waitForQuota and opens at once when a session of this client closes', async () => {
    const { clock, open, creates } = await account(1)
    const first = open('u1')
    await clock.advance(1_000)
    const phases: string[] = []
    const second = open('u2', {
      waitForQuota,
      onProgress: ({ phase }: { phase: string }) => void phases.push(phase),
    })
    await clock.advance(500)
    expect(phases).toEqual(['creating', 'queued'])
    const closing = (await first).close()
    await clock.advance(2)
    await closing
    expect(creates()).toBe(3)
    await clock.advance(1_000)
    expect((await second).userId).toBe('u2')
    expect(clock.pending).toBe(0)
  })

  it('retries after growing pauses when another client frees concurrency', async () => {
    const { clock, open, transport, creates } = await account(1)
    const first = open('u1')
    await clock.advance(1_000)
    await first
    const second = open('u2', { waitForQuota })
    await clock.advance(8_000)
    // Expect the first attempt and retries after 0, 1, 3 and 7 s.
    expect(creates()).toBe(5)
    if (transport.live instanceof Set) transport.live.clear()
    await clock.advance(9_000)
    expect((await second).userId).toBe('u2')
  })

  it('serves waiting opens in order, and only the first sends requests', async () => {
    const { clock, open, ivh, creates } = await account(1)
    const first = open('u0')
    await clock.advance(1_000)
    await first
    const order: string[] = []
    const waiting = Array.from({ length: 50 }, async (_, index) => {
      const session = await open(`w${index}`, { waitForQuota: { timeoutMs: 600_000 } })
      order.push(session.userId)
    })
    await clock.advance(100)
    const before = creates()
    for (let index = 0; index < 50; index += 1) {
      const closing = ivh.sessions.list[0]?.close()
      await clock.advance(300)
      await closing
    }
    await Promise.all(waiting)
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => `w${index}`))
    expect(creates() - before).toBeLessThan(160)
  })

  it('rejects after its timeout with the original error, and at once on an abort', async () => {
    const { clock, open } = await account(0)
    const late = rejection(open('u1', { waitForQuota: { timeoutMs: 5_000 } }))
    const controller = new AbortController()
    const aborted = rejection(open('u2', { waitForQuota, signal: controller.signal }))
    await clock.advance(2_000)
    controller.abort()
    await clock.advance(0)
    expect(await aborted).toMatchObject({ kind: 'abort' })
    await clock.advance(3_010)
    expect(await late).toMatchObject({ code: 100008, activeSessions: [] })
    expect(clock.pending).toBe(0)
  })

  it('stops waiting on closeAll', async () => {
    const { clock, open, ivh } = await account(0)
    const error = rejection(open('u1', { waitForQuota }))
    await clock.advance(500)
    await ivh.sessions.closeAll()
    expect(await error).toMatchObject({ reason: 'client-closed' })
    expect(clock.pending).toBe(0)
  })

  it('does not wait for an account without any concurrency', async () => {
    const { clock, open, creates } = await account(0, 100014)
    const error = rejection(open('u1', { waitForQuota }))
    await clock.advance(10)
    expect(await error).toMatchObject({ code: 100014 })
    expect(creates()).toBe(1)
  })

  it('rejects an invalid waitForQuota.timeoutMs', async () => {
    const { open, creates } = await account(1)
    expect(await rejection(open('u1', { waitForQuota: { timeoutMs: 0 } }))).toBeInstanceOf(
      IvhConfigError,
    )
    expect(creates()).toBe(0)
  })
})

/**
 * Creates a queue and records the name and the second of each attempt. Attempts succeed while `slots.free` is
 * true.
 */
function createQueue(refusal: { readonly retryAfterMs?: number } = {}) {
  const clock = createVirtualClock()
  const keys = { appKey: 'k', accessToken: 't' }
  const queue = createQuotaQueue(resolveOptions({ ...keys, clock, random: () => 1 }))
  const startedAt = clock.now()
  const attempts: string[] = []
  const slots = { free: false }
  const enter = (name: string, timeoutMs = 600_000) => {
    const attempt = async () => {
      attempts.push(`${name}${(clock.now() - startedAt) / 1_000}`)
      if (!slots.free) throw new IvhApiError(100008, '', refusal)
      return name
    }
    const wait = { timeoutMs, signal: new AbortController().signal, onWait: () => {} }
    return queue.admit(attempt, wait).catch(() => `${name} refused`)
  }
  return { clock, queue, attempts, slots, enter }
}

describe('QuotaQueue', () => {
  it('retries after pauses that grow to 10 s, and at once after a release', async () => {
    const { clock, queue, attempts, enter } = createQueue()
    void enter('a')
    await clock.advance(36_000)
    expect(attempts).toEqual(['a0', 'a1', 'a3', 'a7', 'a15', 'a25', 'a35'])
    queue.released()
    await clock.advance(4_000)
    expect(attempts.slice(7)).toEqual(['a36', 'a37', 'a39'])
  })

  it('C9: does not lengthen the pause when several entries are refused together', async () => {
    const { clock, slots, attempts, enter } = createQueue()
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => enter(name, 8_000)))
    await clock.advance(2_000)
    slots.free = true
    await clock.advance(8_000)
    expect(await all).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(attempts.slice(5, 7)).toEqual(['a1', 'a3'])
  })

  it('makes a last attempt at the timeout, unless Retry-After is later', async () => {
    const { clock, slots, attempts, enter } = createQueue()
    const first = enter('a', 6_000)
    await clock.advance(5_000)
    slots.free = true
    await clock.advance(1_000)
    expect(await first).toBe('a')
    expect(attempts).toEqual(['a0', 'a1', 'a3', 'a6'])
    const asked = createQueue({ retryAfterMs: 20_000 })
    const refused = asked.enter('a', 6_000)
    await asked.clock.advance(6_000)
    expect(await refused).toBe('a refused')
    expect(asked.attempts).toEqual(['a0'])
  })

  it('waits for Retry-After', async () => {
    const { clock, attempts, enter } = createQueue({ retryAfterMs: 20_000 })
    void enter('a')
    await clock.advance(30_000)
    expect(attempts).toEqual(['a0', 'a20'])
  })

  it('attempts only for the first entry, then at once for the next', async () => {
    const { clock, attempts, slots, enter } = createQueue()
    const [first] = [enter('a')]
    await clock.advance(500)
    void enter('b')
    await clock.advance(6_000)
    expect(attempts).toEqual(['a0', 'a1', 'a3'])
    slots.free = true
    const taken = first.then((name) => {
      slots.free = false
      return name
    })
    await clock.advance(500)
    expect(await taken).toBe('a')
    await clock.advance(2_000)
    expect(attempts.filter((text) => text.startsWith('b'))[0]).toBe('b7')
  })

  it('continues with the next entry when the first times out', async () => {
    const { clock, attempts, slots, enter } = createQueue()
    const first = enter('a', 500)
    await clock.advance(10)
    void enter('b')
    await clock.advance(600)
    expect(await first).toBe('a refused')
    slots.free = true
    await clock.advance(1_000)
    expect(attempts).toContain('b1')
  })
})
