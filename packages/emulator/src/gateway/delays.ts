import type { Clock } from '@ivh-kit/kernel'

/** The responses that faults delay. */
export class Delays {
  readonly #clock: Clock
  readonly #pending = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with true after the delay, with false when the delay is cancelled. */
  pass(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (passed: boolean) => {
        cancel()
        this.#pending.delete(abort)
        resolve(passed)
      }
      const abort = () => settle(false)
      const cancel = this.#clock.after(milliseconds, () => settle(true))
      this.#pending.add(abort)
    })
  }

  cancelAll(): void {
    for (const abort of this.#pending) abort()
  }
}
