import { describe, expect, it } from 'vitest'
import { IvhSessionError } from '../errors'
import type { ScriptOptions } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const lost = { lost: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
const firstLost: ScriptOptions = {
  script: { createsessionbyasset: ({ count }) => (count === 1 ? lost : undefined) },
}

describe('a create whose answer is lost', () => {
  it('is looked up by its UserId, and what it brought is closed', async () => {
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
    // A create is never sent twice when the first may have arrived, however many retries there are.
    expect(transport.endpoints().slice(1)).toEqual([
      'createsessionbyasset',
      'listsessionofuin',
      'closesession',
    ])
  })

  it('that comes late all the same tells what to close, and no list has to be read', async () => {
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

  it('is looked for once more 5 s later, as it may still be at work', async () => {
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

  it('is awaited by the next open with its UserId, which the close must not hit', async () => {
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

  it('is awaited by closeAll', async () => {
    const { ivh, clock, transport } = await createTestClient(firstLost)
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    await error
    const closed = ivh.sessions.closeAll()
    await clock.drain()
    await closed
    expect(transport.live.size).toBe(0)
  })

  it('leaves alone a session of that UserId that this client holds', async () => {
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

  it('leaves alone what has ended already', async () => {
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

  it('is told of when the list cannot be read', async () => {
    const { ivh, clock, transport, lines } = await createTestClient({
      script: { ...firstLost.script, listsessionofuin: () => ({ fail: 'down too' }) },
    })
    const error = rejection(ivh.sessions.open(anyOpen))
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'transport' })
    expect(transport.endpoints().filter((name) => name === 'listsessionofuin')).toHaveLength(4)
    expect(lines).toEqual([expect.stringMatching(/UserId u1 .*could not be found out.*down too/)])
  })
})

describe('two opens with one UserId', () => {
  it('C1: the second is refused while the first is under way', async () => {
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

  it('C1: mounted, unmounted, mounted again: the second waits for the first to be gone', async () => {
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

  it('C1: mounted, unmounted and mounted again at once: one session in the end', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 1_000 })
    const controller = new AbortController()
    const first = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    controller.abort()
    const second = ivh.sessions.open(anyOpen)
    expect(await first).toMatchObject({ kind: 'aborted' })
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
      expect(await errors.at(-1)).toMatchObject({ kind: 'aborted' })
    }
    await clock.drain()
    expect(transport.created).toBe(1)
    expect(transport.live.size).toBe(0)
  })

  it('one after the other: the service closes the first for the second', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const first = ivh.sessions.open(anyOpen)
    await clock.drain()
    await first
    const second = ivh.sessions.open(anyOpen)
    await clock.drain()
    expect([...transport.live]).toEqual([(await second).id])
  })
})

describe('a create that had no effect', () => {
  it('is repeated, but not when nobody waits for it any more', async () => {
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
    expect(await error).toMatchObject({ kind: 'aborted' })
    await busy.clock.drain()
    expect(busy.transport.endpoints()).toEqual(['createsessionbyasset'])
    expect(transport.live.size).toBe(1)
  })
})
