import { describe, expect, it } from 'vitest'
import { IvhApiError, IvhTransportError } from '../../errors'
import type { IvhClientOptions } from '../../options/client-options'
import type { ScriptedResponse, ScriptOptions } from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'

/** Creates a client with one open session. */
async function opened(options: ScriptOptions = {}, clientOptions: IvhClientOptions = {}) {
  const client = await createTestClient(options, clientOptions)
  const opening = client.ivh.sessions.open(anyOpen)
  await client.clock.advance(1_000)
  return { ...client, session: await opening }
}

const unreadable: ScriptedResponse = { raw: { status: 200, body: '{}' } }
const down: ScriptedResponse = { fail: new Error('down') }

describe('session.close', () => {
  it('sends one closesession for several calls', async () => {
    const { session, clock, transport, ivh } = await opened()
    const [first, second] = [session.close(), session.close()]
    expect(session.state).toBe('closing')
    await clock.advance(1)
    await Promise.all([first, second, session.close(), session[Symbol.asyncDispose]()])
    expect(session.state).toBe('closed')
    expect(transport.endpoints().filter((name) => name === 'closesession')).toHaveLength(1)
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
  })

  it.each([110013, 110018, 110022])('treats %i, an ended session, as success', async (code) => {
    const { session, clock } = await opened({ script: { closesession: () => ({ code }) } })
    const closed = session.close()
    await clock.advance(1)
    await closed
    expect(session.state).toBe('closed')
  })

  it.each<[string, ScriptedResponse]>([
    ['a missing response', down],
    ['an overload', { code: 100012 }],
    ['an internal error', { code: -101000 }],
    ['a bad gateway', { raw: { status: 502, body: '' } }],
    ['an unreadable response', unreadable],
    // Retry this refusal too: no document describes it, and the session must not stay open.
    ['a session that is not ready', { code: 110014 }],
  ])('is retried after %s', async (_name, response) => {
    const { session, clock, transport } = await opened({
      script: { closesession: ({ count }) => (count < 4 ? response : undefined) },
    })
    const closed = session.close()
    await clock.advance(250 + 500 + 1_000 + 4)
    await closed
    expect(transport.live.size).toBe(0)
    expect(transport.endpoints().filter((name) => name === 'closesession')).toHaveLength(4)
  })

  it('waits longer before each retry', async () => {
    const { session, clock, transport } = await opened({ script: { closesession: () => down } })
    const closes = () => transport.endpoints().filter((name) => name === 'closesession').length
    const error = rejection(session.close())
    const seen: number[] = []
    for (const step of [1, 249, 1, 1, 499, 1, 1, 999, 1, 1]) {
      await clock.advance(step)
      seen.push(closes())
    }
    expect(seen).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 4, 4])
    await clock.advance(120_000)
    expect(await error).toMatchObject({ sessionId: 'm1' })
    const attempts = /closesession.*attempt 1\d/
    expect(await error).toMatchObject({ message: expect.stringMatching(attempts) })
  })

  it('is not retried after an error that a retry cannot fix', async () => {
    const { session, clock, transport } = await opened({
      script: { closesession: () => ({ code: 100005 }) },
    })
    const error = rejection(session.close())
    await clock.advance(2)
    expect(await error).toBeInstanceOf(IvhApiError)
    expect(transport.endpoints().filter((name) => name === 'closesession')).toHaveLength(1)
  })

  it('rejects when it fails, keeps the session in the list and can be called again', async () => {
    let broken = true
    const { session, clock, transport, ivh } = await opened({
      script: { closesession: () => (broken ? down : undefined) },
    })
    const error = rejection(session.close())
    await clock.advance(117_000)
    expect(await error).toBeInstanceOf(IvhTransportError)
    expect(session.state).toBe('close-failed')
    expect(ivh.sessions.list).toEqual([session])
    broken = false
    const again = session.close()
    await clock.advance(1)
    await again
    expect(session.state).toBe('closed')
    expect(transport.live.size).toBe(0)
    expect(ivh.sessions.list).toEqual([])
  })

  it('ends the iterators of the session when it fails, and emits `closed` after the background close', async () => {
    const { session, clock } = await opened({
      script: { closesession: ({ count }) => (count <= 8 ? { code: 100005 } : undefined) },
    })
    const ended = (async () => {
      for await (const event of session) return event.type
      return 'ended'
    })()
    const reasons: string[] = []
    session.addEventListener('closed', ({ detail }) => reasons.push(detail.reason))
    const error = rejection(session.close())
    await clock.advance(2)
    await error
    expect(await ended).toBe('ended')
    expect(reasons).toEqual([])
    await clock.drain()
    expect(session.state).toBe('closed')
    expect(reasons).toEqual(['requested'])
    expect(clock.pending).toBe(0)
  })

  it('runs at the end of `await using`, even when the block throws', async () => {
    const { session, clock, transport } = await opened()
    const block = async () => {
      await using held = session
      throw new Error(`in the block of ${held.id}`)
    }
    const error = rejection(block())
    await clock.advance(1)
    expect(await error).toMatchObject({ message: 'in the block of m1' })
    expect(transport.live.size).toBe(0)
  })
})

describe('sessions.closeAll', () => {
  it('waits for every close, rejects with each failure, and retries these on the next call', async () => {
    let broken = true
    const { ivh, clock, transport } = await opened({
      script: {
        closesession: ({ payload }) =>
          broken && payload.SessionId !== 'm2' ? { fail: `${payload.SessionId} down` } : undefined,
      },
    })
    const more = Promise.all([1, 2].map((n) => ivh.sessions.open({ ...anyOpen, userId: `v${n}` })))
    await clock.advance(1_000)
    await more
    const error = rejection(ivh.sessions.closeAll())
    await clock.advance(117_000)
    expect(await error).toBeInstanceOf(AggregateError)
    expect(await error).toMatchObject({
      message: '2 session(s) could not be closed and may still be paid for',
      errors: [{ sessionId: 'm1' }, { sessionId: 'm3' }],
    })
    expect(ivh.sessions.list.map(({ id }) => id)).toEqual(['m1', 'm3'])
    broken = false
    const again = ivh.sessions.closeAll()
    await clock.advance(1)
    await again
    expect(transport.live.size).toBe(0)
    const reopened = ivh.sessions.open(anyOpen)
    await clock.advance(1_000)
    expect((await reopened).state).toBe('open')
  })

  it('waits for the background close of an earlier abort', async () => {
    const client = await createTestClient({
      latencyMs: (endpoint) => (endpoint === 'closesession' ? 3_000 : 1),
      preparingPolls: 99,
    })
    const controller = new AbortController()
    const opening = rejection(client.ivh.sessions.open({ ...anyOpen, signal: controller.signal }))
    await client.clock.advance(1_000)
    controller.abort()
    await opening
    let done = false
    const closing = client.ivh.sessions.closeAll().then(() => {
      done = true
    })
    await client.clock.advance(2_999)
    expect(done).toBe(false)
    await client.clock.advance(1)
    await closing
    expect(client.transport.live.size).toBe(0)
  })

  it('rejects running opens and closes the session of a late create', async () => {
    const { ivh, clock, transport } = await createTestClient({ latencyMs: () => 5_000 })
    const opening = rejection(ivh.sessions.open(anyOpen))
    await clock.advance(1)
    const closing = ivh.sessions.closeAll()
    await clock.advance(0)
    expect(await opening).toMatchObject({ kind: 'session', reason: 'client-closed' })
    await clock.advance(10_000)
    await closing
    expect(transport.created).toBe(1)
    expect(transport.live.size).toBe(0)
  })

  it('resolves when no session is open', async () => {
    const { ivh } = await createTestClient()
    await ivh.sessions.closeAll()
  })
})

describe('client.close', () => {
  it('closes its sessions, then rejects new ones, and does not close the caller’s transport', async () => {
    let transportClosed = false
    const { ivh, clock, transport, session } = await opened()
    Object.assign(transport, {
      async close() {
        transportClosed = true
      },
    })
    const closing = ivh.close()
    await clock.advance(1)
    await closing
    expect(session.state).toBe('closed')
    expect(transportClosed).toBe(false)
    const payload = {
      AssetVirtualmanKey: 'a',
      UserId: 'u',
      Protocol: 'rtmp',
      DriverType: 1,
    } as const
    const { AssetVirtualmanKey: _, ...common } = payload
    for (const refused of [
      ivh.sessions.open(anyOpen),
      ivh.createSessionByAsset(payload),
      ivh.createSession({ ...common, VirtualmanProjectId: 'p' }),
    ]) {
      expect(await rejection(refused)).toMatchObject({ kind: 'session', reason: 'client-closed' })
    }
    await ivh[Symbol.asyncDispose]()
  })

  it('closes the remaining sessions when it is called again after a failed close', async () => {
    let broken = true
    const { ivh, clock, transport } = await opened({
      script: { closesession: () => (broken ? down : undefined) },
    })
    const error = rejection(ivh.close())
    await clock.advance(117_000)
    expect(await error).toBeInstanceOf(AggregateError)
    broken = false
    const again = ivh.close()
    await clock.advance(1)
    await again
    expect(transport.live.size).toBe(0)
  })
})
