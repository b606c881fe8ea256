import { describe, expect, it, vi } from 'vitest'
import { createScriptedTransport } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const one = { SessionId: 'm1' }

describe('client.withOptions', () => {
  it('changes the given options and keeps the others', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: { statsession: () => ({ fail: 'down' }) },
    })
    const patient = ivh.withOptions({ maxRetries: 2 })
    const error = rejection(patient.statSession(one))
    await clock.drain()
    expect(await error).toMatchObject({ attempt: 3 })
    expect(transport.calls).toHaveLength(3)
    expect(transport.calls[0]?.request.path).toContain('appkey=example_appkey')
  })

  it('closes its own sessions and leaves the connections to the original client', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const close = vi.spyOn(transport, 'close')
    const other = ivh.withOptions({}).withOptions({ timeoutMs: 5_000 })
    const opening = Promise.all([
      ivh.sessions.open(anyOpen),
      other.sessions.open({ ...anyOpen, userId: 'u2' }),
    ])
    await clock.drain()
    const [mine] = await opening
    const closing = other.close()
    await clock.drain()
    await closing
    expect([...transport.live]).toEqual([mine.id])
    expect(close).not.toHaveBeenCalled()
    expect(await rejection(other.createSessionByAsset({} as never))).toMatchObject({
      reason: 'client-closed',
    })
  })

  it('knows the sessions of the original client in `open` and `closeOrphans`', async () => {
    const { ivh, clock, transport } = await createTestClient()
    const other = ivh.withOptions({ timeoutMs: 5_000 })
    const opening = ivh.sessions.open(anyOpen)
    await clock.advance(1)
    expect(await rejection(other.sessions.open(anyOpen))).toMatchObject({
      reason: 'already-opening',
    })
    await clock.drain()
    const first = await opening
    const closingOrphans = other.sessions.closeOrphans({ isMine: () => true })
    await clock.drain()
    expect(await closingOrphans).toEqual([])
    expect([...transport.live]).toEqual([first.id])
    const replacing = other.sessions.open(anyOpen)
    await clock.drain()
    await replacing
    expect(first.state).toBe('closed')
    expect(ivh.sessions.list).toEqual([])
  })

  it('does not share sessions with a client of another account', async () => {
    const { ivh, clock } = await createTestClient()
    const other = ivh.withOptions({ appKey: 'another' })
    const both = Promise.all([ivh.sessions.open(anyOpen), other.sessions.open(anyOpen)])
    await clock.drain()
    expect(await both).toHaveLength(2)
    expect(ivh.sessions.list).toHaveLength(1)
  })

  it('rejects invalid options', async () => {
    const { ivh } = await createTestClient()
    expect(() => ivh.withOptions({ timeoutMs: -1 })).toThrow(/timeoutMs is -1/)
  })

  it('rejects another transport from an untyped caller', async () => {
    const { ivh, transport } = await createTestClient()
    const other = createScriptedTransport()
    expect(() => ivh.withOptions(Object({ transport: other }))).toThrow(
      /^withOptions does not take transport\..*createIvhClient/,
    )
    expect(() => ivh.withOptions(Object({ transport }))).not.toThrow()
  })
})
