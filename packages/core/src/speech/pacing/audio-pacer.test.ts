import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../testing/virtual-clock'
import { AudioPacer } from './audio-pacer'

const never = new AbortController().signal

/** When each of `count` packets may leave, counted from the first, when sending takes `sendMs`. */
async function departures(count: number, sendMs: (packet: number) => number = () => 0) {
  const clock = createVirtualClock()
  const pacer = new AudioPacer(clock)
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

  it('keeps the interval after a packet that was late: none comes early to make up for it', async () => {
    const late = (packet: number) => (packet === 7 ? 500 : 0)
    expect((await departures(9, late)).slice(6)).toEqual([620, 740, 860])
  })

  it('waits for the rest when a timer fires early', async () => {
    const clock = createVirtualClock()
    const after = (ms: number, then: () => void) => clock.after(Math.max(1, ms / 2), then)
    const pacer = new AudioPacer({ now: clock.now, after })
    for (let packet = 0; packet < 6; packet++) pacer.sent()
    const lastAt = clock.now()
    const due = pacer.due(never).then(() => clock.now() - lastAt)
    await clock.drain()
    expect(await due).toBeGreaterThanOrEqual(120)
  })

  it('says no when nobody wants the packet any more, at once and while it waits', async () => {
    const clock = createVirtualClock()
    const pacer = new AudioPacer(clock)
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
