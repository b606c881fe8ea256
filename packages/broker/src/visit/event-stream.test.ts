import { describe, expect, it } from 'vitest'
import { setUpBroker } from '../testing/set-up-broker'
import { until } from '../testing/until'

describe('GET /sessions/:id/events', () => {
  it('streams every state in order', async () => {
    const { open, emulator, timers } = await setUpBroker({ prepareMs: 250 })
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.states.includes('preparing'))
    await timers.tickAsync(250)
    await until(() => page.states.includes('ready'))
    await visit.close()
    await until(() => page.ended)
    expect(page.states).toEqual(['creating', 'preparing', 'starting', 'ready', 'closing', 'closed'])
    const firstIn = (state: string) => page.snapshots.find((snapshot) => snapshot.state === state)
    const [session] = emulator.sessions
    expect(firstIn('creating')).toEqual({ id: visit.id, state: 'creating', elapsedMs: 0 })
    expect(firstIn('preparing')).toMatchObject({ sessionId: session?.sessionId })
    expect(firstIn('ready')).toMatchObject({
      elapsedMs: 250,
      playback: { webrtc: session?.playUrl },
    })
    for (const { state, playback } of page.snapshots) {
      if (state !== 'ready') expect(playback).toBeUndefined()
    }
  })

  it('forbids caching and buffering', async () => {
    const { open } = await setUpBroker()
    const page = await (await open()).follow()
    expect(Object.fromEntries(page.response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    await page.leave()
  })

  it('streams the final state of an ended session and ends', async () => {
    const { open } = await setUpBroker()
    const visit = await open()
    await visit.close()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.states).toEqual(['closed'])
  })

  it('sends an alive event every 15 s until it ends', async () => {
    const { open, timers } = await setUpBroker()
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await timers.tickAsync(45_000)
    await until(() => page.raw.split('event: alive\ndata:\n\n').length === 4)
    await visit.close()
    await until(() => page.ended)
    // One timer remains: it removes the ended visit after one minute.
    expect(timers.countTimers()).toBe(1)
  })

  it('stops the alive events when the page leaves', async () => {
    const { open, timers } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    const before = timers.countTimers()
    const page = await visit.follow()
    await page.leave()
    expect(timers.countTimers()).toBe(before)
  })

  it('signs the addresses again for each page', async () => {
    let signed = 0
    const signer = {
      name: 'counting-signer',
      onOpen: () => ({ playback: () => ({ flv: `https://play.test/${++signed}.flv` }) }),
    }
    const { open } = await setUpBroker({ plugins: [signer] })
    const visit = await open()
    await visit.reaches('ready')
    const first = await visit.follow()
    const second = await visit.follow()
    await until(() => second.snapshots.length > 0)
    expect(first.last?.playback?.flv).not.toBe(second.last?.playback?.flv)
  })
})
