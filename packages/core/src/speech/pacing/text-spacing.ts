import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../../async/pause'

/** Texts must be more than 1 s apart (1240/100397). The network may bring them closer together. */
export const textSpacingMs = 1_100

/** Keeps the texts of one session apart. */
export class TextSpacing {
  readonly #clock: Clock
  #lastAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with true when a text may be sent; with false when `signal` fires first. */
  async due(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (signal.aborted) return false
      const left = this.#lastAt + textSpacingMs - this.#clock.now()
      if (left <= 0) return true
      await pause(this.#clock, left, signal)
    }
  }

  /** Call it when a text has been sent. */
  sent(): void {
    this.#lastAt = this.#clock.now()
  }
}
