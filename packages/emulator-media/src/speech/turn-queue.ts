import { setImmediate as nextTurn } from 'node:timers/promises'

type Task = () => Promise<unknown>

/**
 * One task after the other, because together they would all be late: first those that somebody waits
 * for in silence, then those that are made ahead.
 */
export class TurnQueue {
  readonly #urgent: Task[] = []
  readonly #ahead: Task[] = []
  #running = false

  /** The outcome of a task, when it has had its turn. */
  run<T>(task: () => Promise<T>, { urgent }: { readonly urgent: boolean }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const line = urgent ? this.#urgent : this.#ahead
      line.push(() => task().then(resolve, reject))
      if (!this.#running) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#running = true
    for (;;) {
      // What has been asked for meanwhile, or is not wanted any more, must be heard of first.
      await nextTurn()
      const task = this.#urgent.shift() ?? this.#ahead.shift()
      if (!task) break
      await task()
    }
    this.#running = false
  }
}
