import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Clock, monotonicClock, systemClock } from './clock'

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('returns the milliseconds since the epoch', () => {
    expect(systemClock.now()).toBe(Date.UTC(2026, 0, 1))
  })

  it('measures monotonic time that ignores changes of the wall clock', () => {
    const startedAt = systemClock.monotonic?.() ?? Number.NaN
    vi.setSystemTime(0)
    vi.advanceTimersByTime(250)
    expect((systemClock.monotonic?.() ?? Number.NaN) - startedAt).toBe(250)
  })

  it('calls back once after the delay', () => {
    const callback = vi.fn()
    systemClock.after(100, callback)
    vi.advanceTimersByTime(99)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('does not call back after it is cancelled', () => {
    const callback = vi.fn()
    const cancel = systemClock.after(100, callback)
    cancel()
    vi.advanceTimersByTime(1_000)
    expect(callback).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the timers of systemClock', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  /** Starts and cancels a real timer. Returns whether it would keep the process alive. */
  function keepsProcessAlive(options?: { readonly background?: boolean }): boolean {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const cancel = systemClock.after(60_000, () => {}, options)
    const timer = setTimeout.mock.results[0]?.value
    const hasRef = timer.hasRef()
    cancel()
    setTimeout.mockRestore()
    return hasRef
  }

  it('keep the process alive by default', () => {
    expect(keepsProcessAlive()).toBe(true)
    expect(keepsProcessAlive({ background: false })).toBe(true)
  })

  it('do not keep the process alive with background', () => {
    expect(keepsProcessAlive({ background: true })).toBe(false)
  })

  it('work in a browser, where a timer is a number', () => {
    vi.stubGlobal('setTimeout', () => 7)
    const clearTimeout = vi.fn()
    vi.stubGlobal('clearTimeout', clearTimeout)
    systemClock.after(100, () => {}, { background: true })()
    expect(clearTimeout).toHaveBeenCalledWith(7)
  })
})

describe('monotonicClock', () => {
  const after = vi.fn<Clock['after']>(() => () => {})

  it('returns the monotonic time of a clock as its time', () => {
    expect(monotonicClock({ now: () => 1, monotonic: () => 2, after }).now()).toBe(2)
  })

  it('returns the time of a clock without monotonic time', () => {
    expect(monotonicClock({ now: () => 1, after }).now()).toBe(1)
  })

  it('passes the timers to the clock with their options', () => {
    const callback = () => {}
    monotonicClock({ now: () => 1, after }).after(5, callback, { background: true })
    expect(after).toHaveBeenCalledWith(5, callback, { background: true })
  })
})
