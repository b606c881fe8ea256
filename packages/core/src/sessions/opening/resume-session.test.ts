import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { definePlugin } from '../../contracts/plugin'
import type { ScriptedResponse } from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'

const stat = (payload: object) => ({
  script: { statsession: (): ScriptedResponse => ({ payload }) },
})

describe('sessions.resume', () => {
  it('returns a started session without starting it again', async () => {
    const PlayStreamAddr = 'rtmp://h/live/m7'
    const { ivh, clock, transport } = await createTestClient(
      stat({ SessionStatus: 1, IsSessionStarted: true, PlayStreamAddr }),
    )
    const resuming = ivh.sessions.resume('m7', { userId: 'u7' })
    await clock.advance(10)
    const session = await resuming
    expect(session).toMatchObject({ id: 'm7', userId: 'u7', state: 'open' })
    expect(session.playback).toEqual({ rtmp: PlayStreamAddr })
    expect(transport.endpoints()).toEqual(['statsession'])
    expect(ivh.sessions.list).toEqual([session])
    expect(await ivh.sessions.resume('m7')).toBe(session)
  })

  it('waits for a preparing session and starts it', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 2 })
    const resuming = ivh.sessions.resume('m7')
    await clock.advance(5_000)
    expect((await resuming).id).toBe('m7')
    expect(transport.endpoints().at(-1)).toBe('startsession')
  })

  it('rejects a closed session and closes nothing', async () => {
    const { ivh, clock, transport } = await createTestClient(
      stat({ SessionStatus: 2, IsSessionStarted: true, CloseType: 5 }),
    )
    const error = rejection(ivh.sessions.resume('m7'))
    await clock.advance(5_000)
    expect(await error).toMatchObject({ kind: 'session', reason: 'closed', closeType: 5 })
    expect(transport.endpoints()).not.toContain('closesession')
    expect(ivh.sessions.list).toEqual([])
  })

  it.each([0, 1, 2, 3, 4, 5])(
    'resolves exactly when the client lists the session, with an abort %i microtasks after success',
    async (steps) => {
      const controller = new AbortController()
      const aborter = definePlugin({
        name: 'aborter',
        onEvent: async ({ type }) => {
          for (let step = 0; type === 'opened' && step < steps; step++) await undefined
          if (type === 'opened') controller.abort()
        },
      })
      const { ivh, clock } = await createTestClient({}, { plugins: [aborter] })
      const resuming = ivh.sessions.resume('m7', { signal: controller.signal }).then(
        (session) => [session],
        () => [],
      )
      await clock.advance(100)
      expect(controller.signal.aborted).toBe(true)
      expect(await resuming).toEqual(ivh.sessions.list)
    },
  )

  it('C7: returns the same session to two concurrent callers', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 2 })
    const both = Promise.all([ivh.sessions.resume('m7'), ivh.sessions.resume('m7')])
    await clock.advance(5_000)
    const [first, second] = await both
    expect(second).toBe(first)
    expect(transport.endpoints().filter((name) => name === 'startsession')).toHaveLength(1)
  })

  it('continues for the other caller when one caller aborts, and ends when the last caller aborts', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 99 })
    const controllers = [new AbortController(), new AbortController()]
    const errors = controllers.map(({ signal }) =>
      rejection(ivh.sessions.resume('m7', { userId: 'u7', signal })),
    )
    await clock.advance(2_000)
    controllers[0]?.abort()
    expect(await errors[0]).toMatchObject({ kind: 'abort' })
    const polls = transport.calls.length
    await clock.advance(2_000)
    expect(transport.calls.length).toBeGreaterThan(polls)
    controllers[1]?.abort()
    // Resume again: the UserId and the SessionId must be available at once.
    const again = rejection(ivh.sessions.resume('m7', { userId: 'u7', readyTimeoutMs: 500 }))
    expect(await errors[1]).toMatchObject({ kind: 'abort' })
    await clock.advance(3_000)
    expect(await again).toMatchObject({
      ...{ kind: 'timeout', timeoutMs: 500 },
      message: expect.stringMatching(/left open/),
    })
    expect(transport.endpoints()).not.toContain('closesession')
    expect(clock.pending).toBe(0)
  })

  it.each(['closeAll', 'shutDown'] as const)(
    'rejects on %s and leaves the session unchanged',
    async (how) => {
      const { ivh, clock, transport } = await createTestClient({ preparingPolls: 99 })
      const error = rejection(ivh.sessions.resume('m7'))
      await clock.advance(2_000)
      await ivh.sessions[how]()
      expect(await error).toMatchObject({ kind: 'session', reason: 'client-closed' })
      expect(ivh.sessions.list).toEqual([])
      expect(transport.endpoints()).not.toContain('closesession')
      expect(clock.pending).toBe(0)
    },
  )

  it('reserves its UserId until it has settled', async () => {
    const { ivh, clock } = await createTestClient({ preparingPolls: 2 })
    const resuming = ivh.sessions.resume('m7', { userId: 'u1', pollIntervalMs: 100 })
    expect(await rejection(ivh.sessions.open(anyOpen))).toMatchObject({ reason: 'already-opening' })
    await clock.advance(1_000)
    expect((await resuming).userId).toBe('u1')
  })

  it('C24: leaves no listener on the signal after it has settled', async () => {
    const { signal } = new AbortController()
    const { ivh, clock } = await createTestClient()
    const resuming = ivh.sessions.resume('m7', { signal })
    await clock.advance(1_000)
    await resuming
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('sessions.resume during a close', () => {
  const ready = { SessionStatus: 1, IsSessionStarted: true }

  /** Opens a session whose close is refused until `may.close` is true. */
  async function closing(may: { close: boolean }, latencyMs = 1) {
    const client = await createTestClient({
      latencyMs: (endpoint) => (endpoint === 'closesession' ? latencyMs : 1),
      script: {
        statsession: () => ({
          payload: client.transport.live.size > 0 ? ready : { ...ready, SessionStatus: 2 },
        }),
        closesession: () => (may.close ? undefined : { code: 100005 }),
      },
    })
    const opening = client.ivh.sessions.open(anyOpen)
    await client.clock.advance(1_000)
    return { ...client, session: await opening }
  }

  it('waits for the close and rejects when the close succeeds', async () => {
    const { ivh, clock, session } = await closing({ close: true }, 3_000)
    const closed = session.close()
    const error = rejection(ivh.sessions.resume('m1', { userId: 'u1' }))
    await clock.advance(5_000)
    await closed
    expect(await error).toMatchObject({ reason: 'closed' })
    expect(ivh.sessions.list).toEqual([])
  })

  it('returns a new session when the close failed, and stops the background close', async () => {
    const may = { close: false }
    const { ivh, clock, session, transport } = await closing(may)
    const error = rejection(session.close())
    await clock.advance(10)
    await error
    const resuming = ivh.sessions.resume('m1', { userId: 'u1' })
    await clock.advance(1_000)
    const resumed = await resuming
    expect(resumed).not.toBe(session)
    expect(resumed.state).toBe('open')
    may.close = true
    await clock.advance(3_600_000)
    expect(transport.live.size).toBe(1)
    expect(ivh.sessions.list).toEqual([resumed])
  })

  it('continues the background close when the resume fails', async () => {
    const may = { close: false }
    const { ivh, clock, session, transport } = await closing(may)
    const closed = rejection(session.close())
    await clock.advance(10)
    await closed
    const controller = new AbortController()
    const error = rejection(ivh.sessions.resume('m1', { signal: controller.signal }))
    controller.abort()
    await error
    may.close = true
    await clock.advance(10_000)
    expect(transport.live.size).toBe(0)
    expect(session.state).toBe('closed')
  })
})

it('sessions.resume does not start a session that was started while it waited', async () => {
  const { ivh, clock, transport } = await createTestClient({
    script: {
      statsession: ({ count }) => ({
        payload: count < 3 ? { SessionStatus: 3 } : { SessionStatus: 1, IsSessionStarted: true },
      }),
    },
  })
  const resuming = ivh.sessions.resume('m7')
  await clock.advance(10_000)
  await resuming
  expect(transport.endpoints()).not.toContain('startsession')
})
