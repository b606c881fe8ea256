import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../testing/virtual-clock'
import { audioPace, Pacer } from './pacer'

const never = new AbortController().signal

/** Returns the time of each of `count` packets since the first, when sending a packet takes `sendMs`. */
async function departures(count: number, sendMs: (packet: number) => number = () => 0) {
  const clock = createVirtualClock()
  const pacer = new Pacer(clock, audioPace)
  const startedAt = clock.now()
  const times: number[] = []
  const sending = (async () => {
    for (let packet = 1; packet <= count; packet++) {
      await pacer.due(never)
      const takes = sendMs(packet)
      if (takes > 0) await new Promise<void>((resolve) => clock.after(takes, resolve))
      times.push(clock.now() - startedAt)
      pacer.sent()
    }
  })()
  await clock.drain()
  await sending
  return times
}

describe('the pacer', () => {
  it('lets six packets go at once, then one every 120 ms', async () => {
    expect(await departures(9)).toEqual([0, 0, 0, 0, 0, 0, 120, 240, 360])
  })

  it('keeps the interval after a late packet, so that the next packet is not early', async () => {
    const late = (packet: number) => (packet === 7 ? 500 : 0)
    expect((await departures(9, late)).slice(6)).toEqual([620, 740, 860])
  })

  it('waits again when a timer fires early', async () => {
    const clock = createVirtualClock()
    const after = (ms: number, then: () => void) => clock.after(Math.max(1, ms / 2), then)
    const pacer = new Pacer({ now: clock.now, after }, audioPace)
    for (let packet = 0; packet < 6; packet++) pacer.sent()
    const lastAt = clock.now()
    const due = pacer.due(never).then(() => clock.now() - lastAt)
    await clock.drain()
    expect(await due).toBeGreaterThanOrEqual(120)
  })

  it('resolves with false when its signal has fired, or fires during the wait', async () => {
    const clock = createVirtualClock()
    const pacer = new Pacer(clock, audioPace)
    expect(await pacer.due(AbortSignal.abort())).toBe(false)
    for (let packet = 0; packet < 6; packet++) pacer.sent()
    const controller = new AbortController()
    const due = pacer.due(controller.signal)
    await clock.advance(50)
    controller.abort()
    expect(await due).toBe(false)
    expect(clock.pending).toBe(0)
  })
})
