import { describe, expect, it } from 'vitest'
import { type BufferedRange, StallWatchdog, type WatchdogAdvice } from './stall-watchdog'

/** Shows the watchdog the same picture every half second and collects what it advises. */
function stare(
  watchdog: StallWatchdog,
  from: number,
  seconds: number,
  position: number | (() => number),
  ranges: readonly BufferedRange[],
): Array<[at: number, advice: WatchdogAdvice]> {
  const advice: Array<[number, WatchdogAdvice]> = []
  for (let now = from; now <= from + seconds * 1000; now += 500) {
    const at = typeof position === 'number' ? position : position()
    const one = watchdog.observe({ now, position: at, ranges })
    if (one.action !== 'none') advice.push([now - from, one])
  }
  return advice
}

function playing(): { watchdog: StallWatchdog; now: number } {
  const watchdog = new StallWatchdog(0)
  for (let now = 0; now <= 2000; now += 500)
    watchdog.observe({ now, position: now / 1000, ranges: [{ start: 0, end: 100 }] })
  return { watchdog, now: 2000 }
}

describe('StallWatchdog', () => {
  it('is silent while the playhead moves', () => {
    const watchdog = new StallWatchdog(0)
    let position = 0
    const moving = () => {
      position += 0.5
      return position
    }
    expect(stare(watchdog, 0, 60, moving, [{ start: 0, end: 100 }])).toEqual([])
  })

  it('says after a second that it stands still', () => {
    const { watchdog, now } = playing()
    const [first] = stare(watchdog, now, 2.5, 2, [{ start: 0, end: 2 }])
    expect(first).toEqual([1000, { action: 'standstill' }])
  })

  it('jumps a gap, then to the live edge, then rebuilds', () => {
    const { watchdog, now } = playing()
    let position = 2
    const ranges = [
      { start: 0, end: 2.1 },
      { start: 2.6, end: 8 },
    ]
    const steps: Array<[number, WatchdogAdvice]> = []
    for (let at = 0; at <= 10_000; at += 500) {
      const advice = watchdog.observe({ now: now + at, position, ranges })
      if (advice.action === 'seek') position = advice.to
      if (advice.action === 'seek' || advice.action === 'rebuild') steps.push([at, advice])
      if (advice.action === 'rebuild') break
    }
    expect(steps).toEqual([
      [3000, { action: 'seek', to: 2.65 }],
      [4500, { action: 'seek', to: 7.5 }],
      [6000, { action: 'rebuild', cause: 'frozen' }],
    ])
  })

  it('starts again from the gentlest step after real progress', () => {
    const { watchdog, now } = playing()
    const ranges = [{ start: 0, end: 50 }]
    const first = stare(watchdog, now, 3, 2, ranges).at(-1)
    expect(first).toEqual([3000, { action: 'seek', to: 49.5 }])
    watchdog.observe({ now: now + 3500, position: 49.8, ranges: [{ start: 0, end: 60 }] })
    const again = stare(watchdog, now + 3500, 3, 49.8, [{ start: 0, end: 60 }]).at(-1)
    expect(again).toEqual([3000, { action: 'seek', to: 59.5 }])
  })

  it('rebuilds after 5 s without data', () => {
    const { watchdog, now } = playing()
    const [at, advice] = stare(watchdog, now, 5, 2, [{ start: 0, end: 2 }]).at(-1) ?? []
    expect([at, advice]).toEqual([5000, { action: 'rebuild', cause: 'silence' }])
  })

  it('waits 10 s for the first picture', () => {
    const advice = stare(new StallWatchdog(0), 0, 10, 0, [])
    expect(advice.find(([, one]) => one.action === 'rebuild')?.[0]).toBe(10_000)
  })

  it('forgets the time before a reset', () => {
    const { watchdog, now } = playing()
    stare(watchdog, now, 4.5, 2, [{ start: 0, end: 2 }])
    watchdog.reset(now + 4500)
    expect(stare(watchdog, now + 4500, 0.5, 2, [{ start: 0, end: 2 }])).toEqual([])
  })
})
