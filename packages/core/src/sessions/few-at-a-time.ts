import type { Clock } from '@ivh-kit/kernel'

const atATime = 12
/** One that takes longer waits for something, and is no load. */
const countsForMs = 2_000

/**
 * Runs tasks a few at a time, first come first served. A task that takes longer than 2 s goes on, but
 * makes room for the next: what hangs must not hold up the others.
 */
export class FewAtATime {
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async run<Value>(task: () => Promise<Value>): Promise<Value> {
    if (this.#running < atATime) this.#running += 1
    else {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
    let counts = true
    const makeRoom = () => {
      if (counts) this.#handOn()
      counts = false
    }
    const cancel = this.#clock.after(countsForMs, makeRoom)
    try {
      return await task()
    } finally {
      cancel()
      makeRoom()
    }
  }

  #handOn(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}
