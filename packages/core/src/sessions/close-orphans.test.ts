import { describe, expect, it } from 'vitest'
import { IvhConfigError } from '../errors'
import type { ScriptOptions } from '../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../testing/test-client'

const isMine = ({ UserId }: { readonly UserId: string }) => UserId.startsWith('kiosk-')

/** An account where another process, now gone, has left sessions with these UserIds: m1, m2 and so on. */
async function orphaned(userIds: readonly string[], script: ScriptOptions = {}) {
  const client = await createTestClient(script)
  for (const UserId of userIds) {
    const payload = { AssetVirtualmanKey: 'a', UserId, Protocol: 'rtmp', DriverType: 1 } as const
    const created = client.ivh.createSessionByAsset(payload)
    await client.clock.advance(1)
    await created
  }
  return client
}

describe('C2: what a killed process left open', () => {
  it('is closed when it is owned, and nothing else', async () => {
    const { ivh, clock, transport } = await orphaned(['kiosk-1', 'shop-1', 'kiosk-2'])
    const held = ivh.sessions.open({ ...anyOpen, userId: 'kiosk-3' })
    await clock.advance(1_000)
    await held
    const reaping = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(100)
    expect((await reaping).map(({ SessionId }) => SessionId)).toEqual(['m1', 'm3'])
    expect([...transport.live]).toEqual(['m2', 'm4'])
  })

  it('does not touch what this client is opening or resuming', async () => {
    const { ivh, clock, transport } = await orphaned(['kiosk-1'], { preparingPolls: 3 })
    const opening = ivh.sessions.open({ ...anyOpen, userId: 'kiosk-2' })
    const resuming = ivh.sessions.resume('m1')
    await clock.advance(200)
    const reaping = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(20_000)
    expect(await reaping).toEqual([])
    await Promise.all([opening, resuming])
    expect(transport.live.size).toBe(2)
  })

  it('leaves alone what has ended', async () => {
    const rows = [2, 4].map((SessionStatus) => ({
      ...{ SessionId: `m${SessionStatus}`, UserId: 'kiosk-1', SessionStatus },
    }))
    const { ivh, clock, transport } = await orphaned([], {
      script: { listsessionofuin: () => ({ payload: { Sessions: rows } }) },
    })
    const reaping = ivh.sessions.closeOrphans({ isMine })
    await clock.advance(100)
    expect(await reaping).toEqual([])
    expect(transport.endpoints()).toEqual(['listsessionofuin'])
  })

  it.each<[string, unknown, RegExp]>([
    ['a promise', async () => true, /gave a promise\..*Nothing was closed.*true.*false/],
    ['a promise that rejects', async () => Promise.reject(new Error('x')), /gave a promise/],
    ['nothing', () => {}, /gave a\(n\) undefined/],
    ['no function', undefined, /is a\(n\) undefined/],
  ])('stays open when isMine is or gives %s', async (_what, owner, why) => {
    const { ivh, clock, transport } = await orphaned(['kiosk-1', 'shop-1'])
    const error = rejection(ivh.sessions.closeOrphans(Object({ isMine: owner })))
    await clock.advance(100)
    expect(await error).toBeInstanceOf(IvhConfigError)
    expect(await error).toMatchObject({ message: expect.stringMatching(why) })
    expect(transport.live.size).toBe(2)
  })

  it('is told together when it cannot be closed; the others are', async () => {
    const { ivh, clock, transport } = await orphaned(['kiosk-1', 'kiosk-2', 'kiosk-3'], {
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

  it('can be given up: what was begun is ended, and no more is begun', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `kiosk-${index}`)
    const { ivh, clock, transport } = await orphaned(many)
    const controller = new AbortController()
    const error = rejection(ivh.sessions.closeOrphans({ isMine, signal: controller.signal }))
    await clock.advance(1)
    controller.abort('enough')
    await clock.advance(100)
    expect(await error).toMatchObject({ kind: 'abort', cause: 'enough' })
    expect(transport.live.size).toBe(8)
  })
})
