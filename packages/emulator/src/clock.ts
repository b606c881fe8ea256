/** Time as the emulator sees it. Pass your own to make minutes pass in a test. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void
}

/** A clock that can be moved forward. */
export interface MovableClock extends Clock {
  /**
   * Lets so many milliseconds pass at once: what falls due meanwhile is called in its order, and what it
   * starts is given room to happen. Resolves when all of it has; rejects then with the first error that a
   * callback threw.
   *
   * @throws RangeError for a time that is negative, no number, or more than 100 years.
   */
  advance(milliseconds: number): Promise<void>
}

export interface ClockOptions {
  /** Whether time passes by itself as well. Default true; false: it stands still until it is moved. */
  readonly running?: boolean | undefined
  /** Where it begins, in milliseconds since the epoch. Default now. */
  readonly startAt?: number | undefined
}

/** The wall clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * Makes a clock that can be moved forward: one that runs (the emulator's default), or one that stands
 * still in between, so that a test owns every millisecond. A client given the same clock lives in the
 * same time.
 */
export function createClock({ running = true, startAt }: ClockOptions = {}): MovableClock {
  return running ? new RunningClock(startAt) : new StillClock(startAt ?? Date.now())
}

/** Tells a clock that can be moved from one that cannot. */
export function isMovable(clock: Clock): clock is MovableClock {
  return 'advance' in clock
}

/** What a clock is moved by at most, 100 years: a `Date` has an end. */
export const mostMovedMs = 100 * 365.25 * 24 * 60 * 60 * 1_000

interface Timer {
  due: number
  readonly callback: () => void
}

/** The host may put its own in the place of the global one. */
const { setImmediate: nextTurn } = globalThis
/** An answer in the same process takes a few turns of the event loop to arrive. */
const turnsToSettle = 4

abstract class Timers implements MovableClock {
  protected readonly timers = new Set<Timer>()
  #moving: Promise<void> = Promise.resolve()

  abstract now(): number
  protected abstract moveTo(time: number): void
  protected arm(_timer: Timer): void {}
  protected disarm(_timer: Timer): void {}
  protected arrived(): void {}

  after(delayMs: number, callback: () => void): () => void {
    const timer = { due: this.now() + Math.max(0, delayMs), callback }
    this.timers.add(timer)
    this.arm(timer)
    return () => this.#remove(timer)
  }

  advance(milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0 && milliseconds <= mostMovedMs)) {
      throw new RangeError(
        `a clock is moved forward by a number of milliseconds, at most ${mostMovedMs} (100 years), got ${milliseconds}`,
      )
    }
    return this.inTurn(() => this.#move(milliseconds))
  }

  /** One after the other: two moves at a time would each set the time back for the other. */
  protected inTurn(work: () => void | Promise<void>): Promise<void> {
    const done = this.#moving.then(work)
    this.#moving = done.catch(() => {})
    return done
  }

  async #move(milliseconds: number): Promise<void> {
    await settle()
    const until = this.now() + milliseconds
    const errors: unknown[] = []
    for (let timer = this.#next(until); timer; timer = this.#next(until)) {
      this.moveTo(timer.due)
      try {
        this.fire(timer)
      } catch (error) {
        errors.push(error)
      }
      await settle()
    }
    this.moveTo(until)
    this.arrived()
    if (errors.length > 0) throw errors[0]
  }

  protected fire(timer: Timer): void {
    this.#remove(timer)
    timer.callback()
  }

  #remove(timer: Timer): void {
    if (this.timers.delete(timer)) this.disarm(timer)
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.timers) {
      if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer
    }
    return next
  }
}

class StillClock extends Timers {
  #now: number

  constructor(startAt: number) {
    super()
    this.#now = startAt
  }

  now(): number {
    return this.#now
  }

  protected moveTo(time: number): void {
    this.#now = Math.max(this.#now, time)
  }
}

export class RunningClock extends Timers {
  readonly #aheadAtStart: number
  #ahead: number
  #holdsProcess = true
  readonly #armed = new Map<Timer, NodeJS.Timeout>()

  constructor(startAt = Date.now()) {
    super()
    this.#aheadAtStart = startAt - Date.now()
    this.#ahead = this.#aheadAtStart
  }

  /** Back to where it would be had it never been moved. What is to fall due has as long to go as before. */
  reset(): Promise<void> {
    return this.inTurn(() => {
      for (const timer of this.timers) timer.due -= this.#ahead - this.#aheadAtStart
      this.#ahead = this.#aheadAtStart
    })
  }

  /** What is to fall due keeps the process no longer. */
  unref(): void {
    this.#holdsProcess = false
    for (const timeout of this.#armed.values()) timeout.unref()
  }

  now(): number {
    return Date.now() + this.#ahead
  }

  protected moveTo(time: number): void {
    this.#ahead += Math.max(0, time - this.now())
  }

  protected override arm(timer: Timer): void {
    const left = Math.max(0, timer.due - this.now())
    const timeout = setTimeout(() => this.fire(timer), left)
    if (!this.#holdsProcess) timeout.unref()
    this.#armed.set(timer, timeout)
  }

  protected override disarm(timer: Timer): void {
    clearTimeout(this.#armed.get(timer))
    this.#armed.delete(timer)
  }

  protected override arrived(): void {
    for (const timer of this.timers) {
      this.disarm(timer)
      this.arm(timer)
    }
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsToSettle; turn++) {
    await new Promise<void>((resolve) => nextTurn(resolve))
  }
}
