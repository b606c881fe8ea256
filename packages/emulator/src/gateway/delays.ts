import type { Clock } from '../clock'

/** The answers that faults hold back. */
export class Delays {
  readonly #clock: Clock
  readonly #pending = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether the time has passed: false when it was called off meanwhile. */
  pass(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (passed: boolean) => {
        cancel()
        this.#pending.delete(callOff)
        resolve(passed)
      }
      const callOff = () => settle(false)
      const cancel = this.#clock.after(milliseconds, () => settle(true))
      this.#pending.add(callOff)
    })
  }

  callOffAll(): void {
    for (const callOff of this.#pending) callOff()
  }
}
