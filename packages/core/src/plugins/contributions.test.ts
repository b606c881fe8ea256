import { describe, expect, it, vi } from 'vitest'
import { definePlugin, type IvhPlugin } from '../contracts/plugin'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'
import { cssStream } from './css/css-stream'

async function opened(plugins: readonly IvhPlugin[]) {
  const client = await createTestClient({}, { plugins })
  const opening = client.ivh.sessions.open(anyOpen)
  await client.clock.advance(1_000)
  return { ...client, session: await opening }
}

describe('session.extension', () => {
  it('returns the extension of each plugin, or undefined', async () => {
    const counter = definePlugin({
      name: 'counter',
      onOpen: ({ UserId }) => ({ extension: { greeting: `Hello ${UserId}` } }),
    })
    const other = definePlugin({ name: 'other', onOpen: () => ({ extension: 7 }) })
    const idle = definePlugin({ name: 'idle' })
    const { session } = await opened([counter, other, idle])
    expect(session.extension(counter)?.greeting).toBe('Hello u1')
    expect(session.extension(other)).toBe(7)
    expect(session.extension(idle)).toBeUndefined()
  })

  it('is created anew for every session', async () => {
    const counter = definePlugin({ name: 'counter', onOpen: () => ({ extension: { said: 0 } }) })
    const { ivh, clock, session } = await opened([counter])
    const opening = ivh.sessions.open({ ...anyOpen, userId: 'u2' })
    await clock.advance(1_000)
    expect((await opening).extension(counter)).not.toBe(session.extension(counter))
  })

  it('rejects a plugin that is not registered, even with a registered name', async () => {
    const mine = () => definePlugin({ name: 'mine', onOpen: () => ({ extension: 1 }) })
    const { session } = await opened([mine()])
    expect(() => session.extension(mine())).toThrow(
      /Plugin "mine" is not registered on this client/,
    )
  })
})

describe('onFailed', () => {
  it('is called when the service has no session of an abandoned open', async () => {
    const onFailed = vi.fn()
    const plugins = [definePlugin({ name: 'reserver', onOpen: () => ({ onFailed }) })]
    const { ivh, clock, transport } = await createTestClient(
      { latencyMs: (endpoint) => (endpoint === 'createsessionbyasset' ? 5_000 : 1) },
      { plugins },
    )
    const controller = new AbortController()
    const error = rejection(ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await clock.advance(100)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort' })
    await clock.advance(4_800)
    expect(onFailed).not.toHaveBeenCalled()
    await clock.advance(200)
    expect(transport.live.size).toBe(0)
    expect(onFailed).toHaveBeenCalledOnce()
  })

  it('is called once when a session fails to open, and never for an opened session', async () => {
    const onFailed = vi.fn()
    const plugins = [definePlugin({ name: 'reserver', onOpen: () => ({ onFailed }) })]
    const { ivh, clock } = await createTestClient(
      { script: { startsession: ({ count }) => (count === 1 ? { code: 110016 } : undefined) } },
      { plugins },
    )
    const failing = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    expect(onFailed.mock.calls).toEqual([[await failing]])
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(5_000)
    await Promise.all([(await opening).close(), clock.advance(100)])
    expect(onFailed).toHaveBeenCalledTimes(1)
  })

  it('is called when a later plugin rejects', async () => {
    const onFailed = vi.fn()
    const refuse = () => {
      throw new Error('full')
    }
    const { ivh } = await createTestClient(
      {},
      {
        plugins: [
          { name: 'reserver', onOpen: () => ({ onFailed }) },
          { name: 'guard', onOpen: refuse },
        ],
      },
    )
    const error = await rejection(ivh.sessions.open(anyOpen))
    expect(error).toMatchObject({ kind: 'plugin', plugin: 'guard' })
    expect(onFailed.mock.calls).toEqual([[error]])
  })

  it('is called after an abort, even when onOpen resolves later', async () => {
    const onFailed = vi.fn()
    let join = () => {}
    const slow = definePlugin({
      name: 'slow',
      onOpen: () =>
        new Promise<{ onFailed: () => void }>((resolve) => {
          join = () => resolve({ onFailed })
        }),
    })
    const abort = new AbortController()
    const { ivh, clock } = await createTestClient({}, { plugins: [slow] })
    const failing = rejection(ivh.sessions.open({ ...anyOpen, signal: abort.signal }))
    await clock.advance(1)
    abort.abort()
    expect(await failing).toMatchObject({ kind: 'abort' })
    expect(onFailed).not.toHaveBeenCalled()
    join()
    await clock.advance(1)
    expect(onFailed).toHaveBeenCalledTimes(1)
  })

  it('C9: is called for each attempt that the concurrency limit refuses, before the next attempt', async () => {
    const calls: string[] = []
    let attempts = 0
    const reserver = definePlugin({
      name: 'reserver',
      onOpen() {
        attempts += 1
        const attempt = attempts
        calls.push(`take ${attempt}`)
        return { onFailed: () => calls.push(`release ${attempt}`) }
      },
      onEvent: ({ type }) => void calls.push(type),
    })
    const { ivh, clock } = await createTestClient(
      {
        script: { createsessionbyasset: ({ count }) => (count < 3 ? { code: 100008 } : undefined) },
      },
      { plugins: [reserver] },
    )
    const opening = ivh.sessions.open({ ...anyOpen, waitForQuota: { timeoutMs: 30_000 } })
    await clock.advance(10_000)
    await opening
    expect(calls).toEqual(['take 1', 'release 1', 'take 2', 'release 2', 'take 3', 'opened'])
  })

  it('is logged when it throws, and the open still rejects with its original error', async () => {
    const onFailed = () => {
      throw new Error('oops')
    }
    const { ivh, clock, lines } = await createTestClient(
      { script: { startsession: () => ({ code: 110016 }) } },
      { plugins: [{ name: 'reserver', onOpen: () => ({ onFailed }) }] },
    )
    const failing = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(5_000)
    expect(await failing).toMatchObject({ code: 110016 })
    expect(lines.join()).toContain('Plugin "reserver" failed in onFailed: oops')
  })
})

describe('sessions.resume with plugins', () => {
  const stat = {
    statsession: () => ({ payload: { SessionStatus: 1, IsSessionStarted: true } }),
  }
  const keeper = definePlugin({
    name: 'keeper',
    onOpen: () => ({ state: 'room 7', extension: { room: 'room 7' } }),
    onResume: ({ sessionId, state, userId }) => ({
      playback: () => ({ flv: `https://h/${sessionId}-${userId}.flv` }),
      extension: { room: state ?? 'unknown' },
    }),
  })

  it('gives a plugin its stored state', async () => {
    const { session } = await opened([keeper])
    const stored = JSON.stringify(session.pluginState)
    expect(stored).toBe('{"keeper":"room 7"}')

    const { ivh, clock } = await createTestClient({ script: stat }, { plugins: [keeper] })
    const pluginState: Record<string, string> = JSON.parse(stored)
    const resuming = ivh.sessions.resume('m1', { userId: 'u1', pluginState })
    await clock.advance(10)
    const resumed = await resuming
    expect(resumed.extension(keeper)).toEqual({ room: 'room 7' })
    expect(resumed.playback).toEqual({ flv: 'https://h/m1-u1.flv' })
    // Expect the same state, so that it can be stored and resumed again.
    expect(resumed.pluginState).toEqual({ keeper: 'room 7' })
  })

  it('gives a plugin undefined when no state was stored', async () => {
    const { ivh, clock } = await createTestClient({ script: stat }, { plugins: [keeper] })
    const resuming = ivh.sessions.resume('m1')
    await clock.advance(10)
    expect((await resuming).extension(keeper)).toEqual({ room: 'unknown' })
  })

  it('restores the addresses of cssStream', async () => {
    const signer = {
      push: (name: string) => ({
        url: `rtmp://push/live/${name}?txSecret=${'0af9'.repeat(8)}&txTime=7FFFFFFF`,
      }),
      play: (name: string) => ({ rtmp: `r/${name}`, flv: `f/${name}`, hls: 'h', webrtc: 'w' }),
    }
    const { session } = await opened([cssStream({ signer })])
    const { ivh, clock } = await createTestClient(
      { script: stat },
      { plugins: [cssStream({ signer })] },
    )
    const resuming = ivh.sessions.resume('m1', { pluginState: session.pluginState })
    await clock.advance(10)
    expect((await resuming).playback).toEqual(session.playback)
    expect(session.playback.flv).toMatch(/^f\/m0/)
  })

  it('rejects with the name of a plugin that throws, and sends nothing', async () => {
    const onResume = () => {
      throw new Error('unreadable')
    }
    const { ivh, transport } = await createTestClient(
      { script: stat },
      { plugins: [{ name: 'keeper', onResume }] },
    )
    expect(await rejection(ivh.sessions.resume('m1'))).toMatchObject({
      kind: 'plugin',
      message: 'Plugin "keeper" failed in onResume: unreadable.',
    })
    expect(transport.endpoints()).toEqual([])
  })

  it('emits an opened event without openId', async () => {
    const events: unknown[] = []
    const watcher = definePlugin({ name: 'watcher', onEvent: (event) => void events.push(event) })
    const { ivh, clock } = await createTestClient({ script: stat }, { plugins: [watcher] })
    const resuming = ivh.sessions.resume('m1')
    await clock.advance(10)
    await resuming
    expect(events).toEqual([{ type: 'opened', detail: { openId: undefined, elapsedMs: 1 } }])
  })
})

describe('setup', () => {
  const stat = { SessionId: 'm1' }

  it('runs once, before the first of several calls', async () => {
    const order: string[] = []
    const plugins = ['first', 'second'].map((name) => ({
      name,
      setup: async () => void order.push(name),
      onRequest: () => void order.push(`${name} sees`),
    }))
    const { ivh, clock } = await createTestClient({}, { plugins })
    const calling = Promise.all([ivh.statSession(stat), ivh.statSession(stat)])
    await clock.advance(10)
    await calling
    expect(order.slice(0, 3)).toEqual(['first', 'second', 'first sees'])
    expect(order).toHaveLength(6)
  })

  it('runs before onOpen', async () => {
    const order: string[] = []
    await opened([
      {
        name: 'mine',
        setup: () => void order.push('setup'),
        onOpen: () => void order.push('onOpen'),
      },
    ])
    expect(order).toEqual(['setup', 'onOpen'])
  })

  it('rejects the call with the plugin’s name when it throws, and runs again later', async () => {
    let times = 0
    const setup = () => {
      times += 1
      if (times === 1) throw new Error('no disk')
    }
    const { ivh, clock, transport } = await createTestClient(
      {},
      { plugins: [{ name: 'mine', setup }] },
    )
    expect(await rejection(ivh.statSession(stat))).toMatchObject({
      kind: 'plugin',
      plugin: 'mine',
      message: 'Plugin "mine" failed in setup: no disk.',
    })
    expect(transport.calls).toEqual([])
    const calling = ivh.statSession(stat)
    await clock.advance(10)
    await calling
    expect(times).toBe(2)
  })

  it('is limited by the timeout, the deadline and the signal of the call', async () => {
    const setup = () => new Promise<void>(() => {})
    const options = { plugins: [{ name: 'mine', setup }], timeoutMs: 5_000 }
    const { ivh, clock } = await createTestClient({}, options)
    const failing = rejection(ivh.statSession(stat))
    await clock.advance(5_000)
    expect(await failing).toMatchObject({ message: /failed in setup: .* within 5000 ms/ })

    const soon = rejection(ivh.statSession(stat, { deadlineMs: 200 }))
    await clock.advance(200)
    expect(await soon).toMatchObject({ kind: 'timeout', timeoutMs: 200, path: /statsession$/ })

    const abort = new AbortController()
    const given = rejection(ivh.statSession(stat, { signal: abort.signal }))
    await clock.advance(10)
    abort.abort()
    expect(await given).toMatchObject({ kind: 'abort' })
  })
})

it('setup uses up part of the deadline of the call', async () => {
  let done = () => {}
  const setup = () => new Promise<void>((resolve) => (done = resolve))
  const { ivh, clock } = await createTestClient(
    { latencyMs: () => 60_000 },
    { plugins: [{ name: 'slow', setup }] },
  )
  const failing = rejection(ivh.statSession({ SessionId: 'm1' }, { deadlineMs: 1_000 }))
  await clock.advance(700)
  done()
  await clock.advance(300)
  expect(await failing).toMatchObject({ kind: 'timeout', timeoutMs: 300 })
})

describe('the option plugins', () => {
  it.each([
    ['two plugins with one name', ['a', 'b', 'a'], /Two plugins are named "a"/],
    ['a plugin without a name', [''], /A plugin has no name/],
  ])('rejects %s', async (_what, names, message) => {
    const plugins = names.map((name) => ({ name }))
    expect(await rejection(createTestClient({}, { plugins }))).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['a false element', [{ name: 'a' }, false], /plugins\[1\] must be a plugin.*\[plugin\] : \[\]/],
    ['a value that is not an array', { name: 'a' }, /plugins must be an array/],
  ])('rejects %s from an untyped caller', async (_what, plugins, message) => {
    expect(await rejection(createTestClient({}, Object({ plugins })))).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(message),
    })
  })
})
