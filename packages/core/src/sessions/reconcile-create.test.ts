import { describe, expect, it } from 'vitest'
import { IvhSessionError } from '../errors'
import { definePlugin } from '../plugins/plugin'
import type { ScriptOptions } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const hourMs = 3_600_000
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
    await clock.advance(121_000)
    expect(await error).toMatchObject({ kind: 'transport' })
    expect(
      transport.endpoints().filter((name) => name === 'listsessionofuin').length,
    ).toBeGreaterThan(9)
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
    expect(await error).toMatchObject({ kind: 'abort' })
    await busy.clock.drain()
    expect(busy.transport.endpoints()).toEqual(['createsessionbyasset'])
    expect(transport.live.size).toBe(1)
  })
})

describe('a session that a lost create left, and that the list shows late', () => {
  /** The list holds it from so many milliseconds on. */
  async function shown(afterMs: number, started = false) {
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

  it.each([20_000, 60_000])(
    'after %i ms is found by a later look, logged and closed',
    async (ms) => {
      const { clock, transport, lines } = await shown(ms)
      await clock.advance(70_000)
      expect(transport.live.size).toBe(0)
      expect(lines).toEqual([expect.stringMatching(/^m1 was found .*UserId u1 .*is closed/)])
      expect(clock.pending).toBe(0)
    },
  )

  it('is not looked for for ever', async () => {
    const { clock, transport } = await shown(hourMs)
    await clock.drain()
    expect(transport.endpoints().filter((name) => name === 'listsessionofuin')).toHaveLength(4)
  })

  it('is left alone once another session with its UserId is being opened, or was', async () => {
    const { clock, ivh, transport } = await shown(30_000)
    await clock.advance(10_000)
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(2_000)
    const session = await opening
    await clock.advance(hourMs)
    expect([...transport.live]).toEqual([session.id])
    expect(session.state).toBe('open')
    expect(transport.endpoints().filter((name) => name === 'listsessionofuin')).toHaveLength(2)
  })

  it('is left alone when it is started: a create that was lost has been started by nobody', async () => {
    const { clock, transport } = await shown(0, true)
    await clock.drain()
    expect([...transport.live]).toEqual(['m1'])
  })
})

describe('what is not known of a failed create', () => {
  it('is looked for after an error that is none of the kit', async () => {
    const observer = definePlugin({ name: 'observer', onRequest: () => ({}) })
    const { ivh, clock, transport } = await createTestClient({}, { plugins: [observer] })
    const { send } = transport
    let broken = true
    transport.send = async (...given) => {
      const answer = await send.apply(transport, given)
      if (!broken) return answer
      broken = false
      const faulty = { ...answer }
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

  it('closes no session of the chosen id when the request never left', async () => {
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

describe('a create that does not succeed in time', () => {
  it('tells what stood in the way, and that nothing was created', async () => {
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
