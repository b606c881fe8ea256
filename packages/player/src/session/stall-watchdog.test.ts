import { describe, expect, it } from 'vitest'
import { type BufferedRange, StallWatchdog, type WatchdogAdvice } from './stall-watchdog'

/** Samples the same playback every half second. Returns all advice except `none`. */
function observe(
  watchdog: StallWatchdog,
  from: number,
  seconds: number,
  position: number | (() => number),
  ranges: readonly BufferedRange[],
): Array<[at: number, advice: WatchdogAdvice]> {
  const advice: Array<[number, WatchdogAdvice]> = []
  for (let now = from; now <= from + seconds * 1000; now += 500) {
    const at = typeof position === 'number' ? position : position()
    const one = watchdog.observe({ now, position: at, ranges, pictures: null })
    if (one.action !== 'none') advice.push([now - from, one])
  }
  return advice
}

function playing(): { watchdog: StallWatchdog; now: number } {
  const watchdog = new StallWatchdog(0)
  for (let now = 0; now <= 2000; now += 500) {
    watchdog.observe({
      now,
      position: now / 1000,
      ranges: [{ start: 0, end: 100 }],
      pictures: null,
    })
  }
  return { watchdog, now: 2000 }
}

describe('StallWatchdog', () => {
  it('advises nothing while the playhead moves', () => {
    const watchdog = new StallWatchdog(0)
    let position = 0
    const moving = () => {
      position += 0.5
      return position
    }
    expect(observe(watchdog, 0, 60, moving, [{ start: 0, end: 100 }])).toEqual([])
  })

  it('reports a stall after one second', () => {
    const { watchdog, now } = playing()
    const [first] = observe(watchdog, now, 2.5, 2, [{ start: 0, end: 2 }])
    expect(first).toEqual([1000, { action: 'report-stall' }])
  })

  it('jumps over a gap, then to the live edge, then reconnects', () => {
    const { watchdog, now } = playing()
    let position = 2
    const ranges = [
      { start: 0, end: 2.1 },
      { start: 2.6, end: 8 },
    ]
    const steps: Array<[number, WatchdogAdvice]> = []
    for (let at = 0; at <= 10_000; at += 500) {
      const advice = watchdog.observe({ now: now + at, position, ranges, pictures: null })
      if (advice.action === 'seek') position = advice.to
      if (advice.action === 'seek' || advice.action === 'reconnect') steps.push([at, advice])
      if (advice.action === 'reconnect') break
    }
    expect(steps).toEqual([
      [3000, { action: 'seek', to: 2.65 }],
      [4500, { action: 'seek', to: 7.5 }],
      [6000, { action: 'reconnect', cause: 'frozen' }],
    ])
  })

  it('begins with the first step again after progress', () => {
    const { watchdog, now } = playing()
    const ranges = [{ start: 0, end: 50 }]
    const first = observe(watchdog, now, 3, 2, ranges).at(-1)
    expect(first).toEqual([3000, { action: 'seek', to: 49.5 }])
    watchdog.observe({
      now: now + 3500,
      position: 49.8,
      ranges: [{ start: 0, end: 60 }],
      pictures: null,
    })
    const again = observe(watchdog, now + 3500, 3, 49.8, [{ start: 0, end: 60 }]).at(-1)
    expect(again).toEqual([3000, { action: 'seek', to: 59.5 }])
  })

  it('reconnects after 5 s without data', () => {
    const { watchdog, now } = playing()
    const [at, advice] = observe(watchdog, now, 5, 2, [{ start: 0, end: 2 }]).at(-1) ?? []
    expect([at, advice]).toEqual([5000, { action: 'reconnect', cause: 'no-data' }])
  })

  it('waits 10 s for the first frame', () => {
    const advice = observe(new StallWatchdog(0), 0, 10, 0, [])
    expect(advice.find(([, one]) => one.action === 'reconnect')?.[0]).toBe(10_000)
  })

  it('forgets the samples before a reset', () => {
    const { watchdog, now } = playing()
    observe(watchdog, now, 4.5, 2, [{ start: 0, end: 2 }])
    watchdog.reset(now + 4500)
    expect(observe(watchdog, now + 4500, 0.5, 2, [{ start: 0, end: 2 }])).toEqual([])
  })
})

describe('StallWatchdog with a moving playhead', () => {
  /**
   * Plays sound without a stall, and 25 pictures a second until `freezeAt`. A seek shows one picture.
   * Returns the seeks and reconnects with their time.
   */
  function play(
    watchdog: StallWatchdog,
    options: { seconds: number; freezeAt?: number; thawAt?: number; pictures?: boolean },
  ): Array<[at: number, action: string]> {
    const { seconds, freezeAt = Number.POSITIVE_INFINITY, thawAt = freezeAt } = options
    const steps: Array<[number, string]> = []
    let pictures = 0
    let position = 0
    for (let now = 0; now <= seconds * 1000; now += 500) {
      if (now < freezeAt || now > thawAt) pictures += 12
      position += 0.5
      const advice = watchdog.observe({
        now,
        position,
        ranges: [{ start: 0, end: position + 2 }],
        pictures: options.pictures === false ? null : pictures,
      })
      if (advice.action === 'seek') {
        pictures += 1
        position = advice.to
      }
      if (advice.action !== 'none') steps.push([now, advice.action])
      if (advice.action === 'reconnect') break
    }
    return steps
  }
  const never = Number.POSITIVE_INFINITY

  it('jumps to the live edge and then reconnects when the picture is frozen', () => {
    expect(play(new StallWatchdog(0), { seconds: 30, freezeAt: 4000, thawAt: never })).toEqual([
      [6500, 'seek'],
      [9000, 'reconnect'],
    ])
  })

  it('does not reconnect when the picture moves again after the jump', () => {
    expect(play(new StallWatchdog(0), { seconds: 30, freezeAt: 4000, thawAt: 7500 })).toEqual([
      [6500, 'seek'],
    ])
  })

  it('ignores a short freeze, a stream without pictures and a browser that does not count', () => {
    expect(play(new StallWatchdog(0), { seconds: 30, freezeAt: 4000, thawAt: 6000 })).toEqual([])
    expect(play(new StallWatchdog(0), { seconds: 30, freezeAt: 0, thawAt: never })).toEqual([])
    expect(play(new StallWatchdog(0), { seconds: 30, freezeAt: 4000, pictures: false })).toEqual([])
  })

  it('does not take the pictures of a seek as movement', () => {
    const watchdog = new StallWatchdog(0)
    const actions: string[] = []
    for (let now = 0; now <= 10_000; now += 500) {
      if (now % 2000 === 0) watchdog.seeked(now)
      const pictures = 1 + Math.floor(now / 2000)
      const { action } = watchdog.observe({
        now,
        position: now / 1000,
        ranges: [{ start: 0, end: 20 }],
        pictures,
      })
      actions.push(action)
    }
    expect(actions).toContain('seek')
  })

  it('leaves a frozen picture alone when reconnects did not help, until it was steady', () => {
    const unsure = () => new StallWatchdog(0, { trustPicture: false })
    expect(play(unsure(), { seconds: 30, freezeAt: 4000, thawAt: never })).toEqual([])
    const steady = unsure()
    expect(play(steady, { seconds: 30, freezeAt: 15_000, thawAt: never })).toContainEqual([
      20_000,
      'reconnect',
    ])
    expect(steady.pictureWasSteady).toBe(true)
  })
})
