import { describe, expect, it } from 'vitest'
import { IvhConfigError } from '../errors'
import type { ScriptOptions } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const isMine = ({ UserId }: { readonly UserId: string }) => UserId.startsWith('kiosk-')

/** Creates a client of an account with the orphans m1, m2 and so on, one per UserId. */
async function createOrphans(userIds: readonly string[], script: ScriptOptions = {}) {
  const client = await createTestClient(script)
  for (const UserId of userIds) {
    const payload = { AssetVirtualmanKey: 'a', UserId, Protocol: 'rtmp', DriverType: 1 } as const
    const created = client.ivh.createSessionByAsset(payload)
    await client.clock.advance(1)
    await created
  }
  return client
}

describe('C2: sessions.closeOrphans', () => {
  it('closes the orphans that isMine accepts and nothing else', async () => {
    const { ivh, clock, transport } = await createOrphans(['kiosk-1', 'shop-1', 'kiosk-2'])
    const held = ivh.sessions.open({ ...anyOpen, userId: 'kiosk-3' })
    await clock.advance(1_000)
    await held
    const closing = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(100)
    expect((await closing).map(({ SessionId }) => SessionId)).toEqual(['m1', 'm3'])
    expect([...transport.live]).toEqual(['m2', 'm4'])
  })

  it('does not close sessions that this client opens or resumes', async () => {
    const { ivh, clock, transport } = await createOrphans(['kiosk-1'], { preparingPolls: 3 })
    const opening = ivh.sessions.open({ ...anyOpen, userId: 'kiosk-2' })
    const resuming = ivh.sessions.resume('m1')
    await clock.advance(200)
    const closing = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(20_000)
    expect(await closing).toEqual([])
    await Promise.all([opening, resuming])
    expect(transport.live.size).toBe(2)
  })

  it('does not close ended sessions', async () => {
    const rows = [2, 4].map((SessionStatus) => ({
      ...{ SessionId: `m${SessionStatus}`, UserId: 'kiosk-1', SessionStatus },
    }))
    const { ivh, clock, transport } = await createOrphans([], {
      script: { listsessionofuin: () => ({ payload: { Sessions: rows } }) },
    })
    const closing = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(100)
    expect(await closing).toEqual([])
    expect(transport.endpoints()).toEqual(['listsessionofuin'])
  })

  it.each<[string, unknown, RegExp]>([
    [
      'returns a promise',
      async () => true,
      /returned a promise\..*Nothing was closed.*true.*false/,
    ],
    [
      'returns a promise that rejects',
      async () => Promise.reject(new Error('x')),
      /returned a promise/,
    ],
    ['returns nothing', () => {}, /returned a value of type undefined/],
    ['is not a function', undefined, /is of type undefined/],
  ])('closes nothing when isMine %s', async (_what, owner, why) => {
    const { ivh, clock, transport } = await createOrphans(['kiosk-1', 'shop-1'])
    const error = rejection(ivh.sessions.closeOrphans(Object({ isMine: owner })))
    await clock.advance(100)
    expect(await error).toBeInstanceOf(IvhConfigError)
    expect(await error).toMatchObject({ message: expect.stringMatching(why) })
    expect(transport.live.size).toBe(2)
  })

  it('closes the other orphans when one cannot be closed, and rejects with an AggregateError', async () => {
    const { ivh, clock, transport } = await createOrphans(['kiosk-1', 'kiosk-2', 'kiosk-3'], {
      script: {
        closesession: ({ payload }) => (payload.SessionId === 'm2' ? { code: 100005 } : undefined),
      },
    })
    const error = rejection(ivh.sessions.closeOrphans({ isMine }))
    await clock.advance(100)
    expect(await error).toBeInstanceOf(AggregateError)
    expect(await error).toMatchObject({ errors: [{ code: 100005, sessionId: 'm2' }] })
    expect([...transport.live]).toEqual(['m2'])
  })

  it('starts no more closes after an abort, but finishes the closes in progress', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `kiosk-${index}`)
    const { ivh, clock, transport } = await createOrphans(many)
    const controller = new AbortController()
    const error = rejection(ivh.sessions.closeOrphans({ isMine, signal: controller.signal }))
    await clock.advance(1)
    controller.abort('enough')
    await clock.advance(100)
    expect(await error).toMatchObject({ kind: 'abort', cause: 'enough' })
    expect(transport.live.size).toBe(8)
  })
})
