import { type Clock, IvhConfigError } from '@ivh-kit/kernel'

/** A clock that can be moved forward. */
export interface MovableClock extends Clock {
  /**
   * Moves the clock forward. Timers that fall due run in their order, and the work that they start gets
   * turns of the event loop. Resolves after all of them; rejects with the first error that a callback
   * threw.
   *
   * @throws IvhConfigError unless `milliseconds` is a number from 0 to 100 years.
   */
  advance(milliseconds: number): Promise<void>
}

export interface ClockOptions {
  /** `false`: the clock stands still until it is moved. Default true: time passes as well. */
  readonly running?: boolean | undefined
  /** Start time, in milliseconds since the epoch. Default: the current time. */
  readonly startAt?: number | undefined
}

/**
 * Creates a clock that can be moved forward: a running one (the emulator's default), or one that stands
 * still between the moves. Give the client the same clock, so that both have the same time.
 */
export function createClock({ running = true, startAt }: ClockOptions = {}): MovableClock {
  return running ? new RunningClock(startAt) : new StillClock(startAt ?? Date.now())
}

/** Returns true for a clock with `advance`. */
export function isMovable(clock: Clock): clock is MovableClock {
  return 'advance' in clock
}

/** Maximum move of a clock, in milliseconds: 100 years, because `Date` has a limit. */
export const maxAdvanceMs = 100 * 365.25 * 24 * 60 * 60 * 1_000

interface Timer {
  due: number
  readonly callback: () => void
}

// Save the original function when the module loads: fake timers may replace the global one later.
const { setImmediate: nextTurn } = globalThis
/** Number of event loop turns that an in-process response needs. */
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
    if (!(milliseconds >= 0 && milliseconds <= maxAdvanceMs)) {
      throw new IvhConfigError(
        `advance takes a number of milliseconds from 0 to ${maxAdvanceMs} (100 years), got ${milliseconds}`,
        { option: 'milliseconds' },
      )
    }
    return this.enqueue(() => this.#move(milliseconds))
  }

  /** Runs moves one after the other, so that no move sets the time back for another. */
  protected enqueue(work: () => void | Promise<void>): Promise<void> {
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

  /** Undoes all moves. Timers keep their remaining time. */
  reset(): Promise<void> {
    return this.enqueue(() => {
      for (const timer of this.timers) timer.due -= this.#ahead - this.#aheadAtStart
      this.#ahead = this.#aheadAtStart
    })
  }

  /** Lets the process end while timers are pending. */
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
