/** Time as the kit sees it. Pass your own to make hours pass in a test. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * Milliseconds since any moment, which setting the wall clock does not change; lengths of time are
   * measured with it. Default: `now`.
   */
  monotonic?(): number
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): CancelTimer
}

/** Cancels what it was returned for. */
export interface CancelTimer {
  (): void
  /**
   * With `true`, the process may end before the timer fires; with `false`, it waits for it again. A clock
   * whose timers can do that saves making a new one for every call; one without it works as well.
   */
  readonly rest?: ((resting: boolean) => void) | undefined
}

/** The wall clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    const cancel = () => clearTimeout(timer)
    // In a browser, and with some timers of tests, it is a number.
    if (typeof timer !== 'object') return cancel
    const rest = (resting: boolean) => void (resting ? timer.unref() : timer.ref())
    return Object.assign(cancel, { rest })
  },
}

/** The same clock for who measures lengths of time alone: its `now` is the monotonic one. */
export function steadyClock(clock: Clock): Clock {
  const now = () => clock.monotonic?.() ?? clock.now()
  return { now, after: (delayMs, callback) => clock.after(delayMs, callback) }
}
