import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { definePlugin } from '../plugins/plugin'
import type { ScriptedAnswer } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const stat = (payload: object) => ({ script: { statsession: (): ScriptedAnswer => ({ payload }) } })

describe('resume', () => {
  it('takes hold of a started session without starting it again', async () => {
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

  it('waits for one that is being prepared, and starts it', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 2 })
    const resuming = ivh.sessions.resume('m7')
    await clock.advance(5_000)
    expect((await resuming).id).toBe('m7')
    expect(transport.endpoints().at(-1)).toBe('startsession')
  })

  it('refuses one that is closed, and closes nothing', async () => {
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
    'given up %i microtasks after its success: whoever holds a session is given it',
    async (steps) => {
      const controller = new AbortController()
      const giveUp = definePlugin({
        name: 'give-up',
        onEvent: async ({ type }) => {
          for (let step = 0; type === 'opened' && step < steps; step++) await undefined
          if (type === 'opened') controller.abort()
        },
      })
      const { ivh, clock } = await createTestClient({}, { plugins: [giveUp] })
      const resuming = ivh.sessions.resume('m7', { signal: controller.signal }).then(
        (session) => [session],
        () => [],
      )
      await clock.advance(100)
      expect(controller.signal.aborted).toBe(true)
      expect(await resuming).toEqual(ivh.sessions.list)
    },
  )

  it('C7: two at once are one, and give the same session', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 2 })
    const both = Promise.all([ivh.sessions.resume('m7'), ivh.sessions.resume('m7')])
    await clock.advance(5_000)
    const [first, second] = await both
    expect(second).toBe(first)
    expect(transport.endpoints().filter((name) => name === 'startsession')).toHaveLength(1)
  })

  it('goes on for the other when one of two gives up, and ends with the last', async () => {
    const { ivh, clock, transport } = await createTestClient({ preparingPolls: 99 })
    const controllers = [new AbortController(), new AbortController()]
    const errors = controllers.map(({ signal }) =>
      rejection(ivh.sessions.resume('m7', { userId: 'u7', signal })),
    )
    await clock.advance(2_000)
    controllers[0]?.abort()
    expect(await errors[0]).toMatchObject({ kind: 'abort' })
    const looks = transport.calls.length
    await clock.advance(2_000)
    expect(transport.calls.length).toBeGreaterThan(looks)
    controllers[1]?.abort()
    // The UserId is free again at once, and so is the SessionId.
    const again = rejection(ivh.sessions.resume('m7', { userId: 'u7', readyTimeoutMs: 500 }))
    expect(await errors[1]).toMatchObject({ kind: 'abort' })
    await clock.advance(3_000)
    expect(await again).toMatchObject({
      ...{ kind: 'timeout', timeoutMs: 500 },
      message: expect.stringMatching(/left as it is/),
    })
    expect(transport.endpoints()).not.toContain('closesession')
    expect(clock.pending).toBe(0)
  })

  it.each(['closeAll', 'shutDown'] as const)(
    '%s abandons it and leaves the session as it is',
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

  it('keeps its UserId from being opened meanwhile', async () => {
    const { ivh, clock } = await createTestClient({ preparingPolls: 2 })
    const resuming = ivh.sessions.resume('m7', { userId: 'u1', pollIntervalMs: 100 })
    expect(await rejection(ivh.sessions.open(anyOpen))).toMatchObject({ reason: 'already-opening' })
    await clock.advance(1_000)
    expect((await resuming).userId).toBe('u1')
  })

  it('C24: leaves nothing on the signal when it has settled', async () => {
    const { signal } = new AbortController()
    const { ivh, clock } = await createTestClient()
    const resuming = ivh.sessions.resume('m7', { signal })
    await clock.advance(1_000)
    await resuming
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('resume of a session that is being closed here', () => {
  const ready = { SessionStatus: 1, IsSessionStarted: true }

  /** An open session, and a service that takes its close only when it may. */
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

  it('waits for the close, and is refused when that succeeds', async () => {
    const { ivh, clock, session } = await closing({ close: true }, 3_000)
    const closed = session.close()
    const error = rejection(ivh.sessions.resume('m1', { userId: 'u1' }))
    await clock.advance(5_000)
    await closed
    expect(await error).toMatchObject({ reason: 'closed' })
    expect(ivh.sessions.list).toEqual([])
  })

  it('makes it anew when the close has failed, and it is closed no more', async () => {
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

  it('goes on closing it when the resume fails', async () => {
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

it('resume does not start again what was started while it waited', async () => {
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
