import { setTimeout as sleep } from 'node:timers/promises'
import { IvhConfigError } from '@ivh-kit/kernel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClock, type MovableClock, RunningClock } from './clock'

afterEach(() => void vi.useRealTimers())

describe.each([
  ['runs', true],
  ['stands still', false],
])('a clock that %s', (_how, running) => {
  const start = Date.UTC(2026, 0, 1)
  const setUp = () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: start })
    const clock = createClock({ running })
    const log: string[] = []
    const note = (text: string) => () => log.push(`${text} at ${clock.now() - start}`)
    return { clock, log, note }
  }

  it('calls timers in the order of their due times, each at its due time', async () => {
    const { clock, log, note } = setUp()
    clock.after(3_000, note('c'))
    clock.after(1_000, note('a'))
    clock.after(1_000, note('b'))
    clock.after(3_001, note('late'))
    await clock.advance(3_000)
    expect(log).toEqual(['a at 1000', 'b at 1000', 'c at 3000'])
    expect(clock.now() - start).toBe(3_000)
  })

  it('calls timers that are set during a move, even after an awaited promise', async () => {
    const { clock, log, note } = setUp()
    clock.after(10, () => {
      void Promise.resolve().then(() => clock.after(10, note('chained')))
    })
    await clock.advance(20)
    expect(log).toEqual(['chained at 20'])
  })

  it('does not call a cancelled timer', async () => {
    const { clock, log, note } = setUp()
    const cancel = clock.after(10, note('cancelled'))
    clock.after(5, cancel)
    await clock.advance(20)
    cancel()
    expect(log).toEqual([])
  })

  it('runs two simultaneous moves one after the other', async () => {
    const { clock, log, note } = setUp()
    clock.after(1_500, note('a'))
    await Promise.all([clock.advance(1_000), clock.advance(1_000)])
    expect(log).toEqual(['a at 1500'])
    expect(clock.now() - start).toBe(2_000)
  })

  it('continues after a callback that throws, and rejects the move', async () => {
    const { clock, log, note } = setUp()
    clock.after(10, () => {
      throw new Error('a callback failed')
    })
    clock.after(20, note('next'))
    await expect(clock.advance(30)).rejects.toThrow('a callback failed')
    expect(log).toEqual(['next at 20'])
    expect(clock.now() - start).toBe(30)
    await clock.advance(5)
    expect(clock.now() - start).toBe(35)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
    'refuses a move by %d',
    (milliseconds) => {
      expect(() => setUp().clock.advance(milliseconds)).toThrow(IvhConfigError)
    },
  )
})

describe('a running clock after a reset', () => {
  it('has the same time as without any moves', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 0 })
    const clock = new RunningClock(5_000)
    let called = 0
    clock.after(700_000, () => {
      called += 1
    })
    await clock.advance(600_000)
    vi.advanceTimersByTime(10)
    await clock.reset()
    expect(clock.now()).toBe(5_010)
    vi.advanceTimersByTime(99_989)
    expect(called).toBe(0)
    vi.advanceTimersByTime(1)
    expect(called).toBe(1)
  })
})

describe('real time', () => {
  const fired = async (clock: MovableClock, act: () => Promise<void>) => {
    let count = 0
    clock.after(20, () => {
      count += 1
    })
    await act()
    return count
  }

  it('calls a timer of a running clock once, also after a move', async () => {
    const clock = createClock()
    const pass = async () => {
      await clock.advance(15)
      await sleep(60)
    }
    expect(await fired(clock, pass)).toBe(1)
    expect(clock.now() - Date.now()).toBeGreaterThanOrEqual(10)
  })

  it('does not call a timer of a still clock', async () => {
    const clock = createClock({ running: false, startAt: 5 })
    expect(await fired(clock, () => sleep(60).then(() => {}))).toBe(0)
    expect(clock.now()).toBe(5)
  })
})
