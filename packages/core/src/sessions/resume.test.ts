import { describe, expect, it } from 'vitest'
import type { ScriptedAnswer } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'

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
})
