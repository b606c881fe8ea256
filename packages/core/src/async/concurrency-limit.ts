import type { Clock } from '@ivh-kit/kernel'

/**
 * Maximum time that a running task counts, in milliseconds, so that a hanging task does not block the others.
 */
const countedForMs = 2_000

/** Runs at most `limit` tasks at once, in order. A task that takes longer than 2 s makes room for the next. */
export class ConcurrencyLimit {
  readonly #clock: Clock
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  async run<Value>(task: () => Promise<Value>): Promise<Value> {
    if (this.#running < this.#limit) this.#running += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let counted = true
    const makeRoom = () => {
      if (counted) this.#startNext()
      counted = false
    }
    const cancelTimer = this.#clock.after(countedForMs, makeRoom)
    try {
      return await task()
    } finally {
      cancelTimer()
      makeRoom()
    }
  }

  #startNext(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}
