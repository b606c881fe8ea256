import { describe, expect, it } from 'vitest'
import { setUpBroker, until } from './testing/set-up-broker'

describe('GET /sessions/:id/events', () => {
  it('tells every state in order', async () => {
    const { open, cloud, time } = setUpBroker()
    cloud.firstStatus = 3
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.states.includes('preparing'))
    cloud.sessions.set('m1', { status: 1 })
    await time.tickAsync(250)
    await until(() => page.states.includes('ready'))
    await visit.close()
    await until(() => page.ended)
    expect(page.states).toEqual(['creating', 'preparing', 'starting', 'ready', 'closing', 'closed'])
    const told = (state: string) => page.snapshots.find((snapshot) => snapshot.state === state)
    expect(told('creating')).toEqual({ id: visit.id, state: 'creating', elapsedMs: 0 })
    expect(told('preparing')).toMatchObject({ sessionId: 'm1' })
    expect(told('ready')).toMatchObject({
      elapsedMs: 250,
      playback: { webrtc: 'webrtc://play.test/live/m1' },
    })
    for (const { state, playback } of page.snapshots) {
      if (state !== 'ready') expect(playback).toBeUndefined()
    }
  })

  it('is a stream that no cache and no proxy may hold back', async () => {
    const { open } = setUpBroker()
    const page = await (await open()).follow()
    expect(Object.fromEntries(page.response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    await page.leave()
  })

  it('of an ended session tells its end and ends', async () => {
    const { open } = setUpBroker()
    const visit = await open()
    await visit.close()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.states).toEqual(['closed'])
  })

  it('is kept alive every 15 s, and no longer than it lives', async () => {
    const { open, time } = setUpBroker()
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await time.tickAsync(45_000)
    await until(() => page.raw.split(': alive\n\n').length === 4)
    await visit.close()
    await until(() => page.ended)
    // What is left is the minute for which the end can be read.
    expect(time.countTimers()).toBe(1)
  })

  it('that breaks stops its keep-alive', async () => {
    const { open, time } = setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    const before = time.countTimers()
    const page = await visit.follow()
    await page.leave()
    expect(time.countTimers()).toBe(before)
  })

  it('signs addresses afresh for each page', async () => {
    let signed = 0
    const signer = {
      name: 'counting-signer',
      onOpen: () => ({ playback: () => ({ flv: `https://play.test/${++signed}.flv` }) }),
    }
    const { open } = setUpBroker({}, [signer])
    const visit = await open()
    await visit.reaches('ready')
    const first = await visit.follow()
    const second = await visit.follow()
    await until(() => second.snapshots.length > 0)
    expect(first.last?.playback?.flv).not.toBe(second.last?.playback?.flv)
  })
})
