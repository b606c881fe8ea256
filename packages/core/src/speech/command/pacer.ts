import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../../async/pause'

export interface Pace {
  /** This many are sent at once; the interval applies to all further ones. */
  readonly burst: number
  readonly intervalMs: number
}

/**
 * Six packets are sent at once, then one every 120 ms; the service throttles earlier ones (1240/100398). A
 * packet holds 160 ms of audio, so packets up to 40 ms late still arrive in time.
 */
export const audioPace: Pace = { burst: 6, intervalMs: 120 }

/** Texts must be more than 1 s apart (1240/100397). The network may bring them closer together. */
export const textPace: Pace = { burst: 1, intervalMs: 1_100 }

/**
 * Decides when texts or packets may be sent. The interval starts when one is sent, so a late timer or a slow
 * source never makes the next one early.
 */
export class Pacer {
  readonly #clock: Clock
  readonly #pace: Pace
  #sent = 0
  #lastAt = 0

  constructor(clock: Clock, pace: Pace) {
    this.#clock = clock
    this.#pace = pace
  }

  /** Resolves with true when the next one may be sent; with false when `signal` fires first. */
  async due(signal: AbortSignal): Promise<boolean> {
    // Timers may fire a little early.
    while (this.#sent >= this.#pace.burst && this.#left() > 0) {
      if (!(await pause(this.#clock, this.#left(), signal))) return false
    }
    return !signal.aborted
  }

  /** Call it when one has been sent. */
  sent(): void {
    this.#sent += 1
    this.#lastAt = this.#clock.now()
  }

  #left(): number {
    return this.#lastAt + this.#pace.intervalMs - this.#clock.now()
  }
}
