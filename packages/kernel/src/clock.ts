/** Time source and timers. Inject your own to control time in a test. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * Milliseconds since an arbitrary moment, unaffected by changes of the wall clock. Used to measure
   * durations. Default: `now`.
   */
  monotonic?(): number
  /** Calls `callback` once after `delayMs`. The returned function cancels the call. */
  after(delayMs: number, callback: () => void, options?: TimerOptions): () => void
}

export interface TimerOptions {
  /** True when the timer must not keep the process alive. A clock may ignore this. Default false. */
  readonly background?: boolean | undefined
}

/** The wall clock with real timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback, { background = false } = {}) {
    const timer = setTimeout(callback, delayMs)
    // Skip browsers, where a timer is a number without `unref`.
    if (background && typeof timer === 'object') timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Returns a view of a clock for measuring durations. Its `now` is unaffected by wall-clock changes. */
export function monotonicClock(clock: Clock): Clock {
  return {
    now: () => clock.monotonic?.() ?? clock.now(),
    after: (delayMs, callback, options) => clock.after(delayMs, callback, options),
  }
}
