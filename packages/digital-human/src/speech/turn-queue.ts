import { setImmediate as nextTurn } from 'node:timers/promises'

type Task = () => Promise<unknown>

/**
 * Runs one task at a time, because tasks that share the processor would all be late. Urgent tasks, for
 * humans that are silent, run before tasks that work ahead.
 */
export class TurnQueue {
  readonly #urgent: Task[] = []
  readonly #ahead: Task[] = []
  #running = false

  /** Queues a task and returns its outcome. */
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
      // Wait a turn, so that requests and cancellations that arrived meanwhile take effect first.
      await nextTurn()
      const task = this.#urgent.shift() ?? this.#ahead.shift()
      if (!task) break
      await task()
    }
    this.#running = false
  }
}
