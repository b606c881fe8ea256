import type { Clock } from '@ivh-kit/kernel'

/** The responses that faults delay. */
export class Delays {
  readonly #clock: Clock
  readonly #pending = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves after the time with true; with false when it is cancelled. */
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
