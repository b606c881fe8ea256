import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../../async/pause'

export interface Pace {
  /** Number of packets sent at once; the interval applies to every later packet. */
  readonly burst: number
  readonly intervalMs: number
}

/**
 * Pace of audio: six packets at once, then one every 120 ms. The service throttles faster packets
 * (1240/100398). A packet holds 160 ms of audio, so a packet that is up to 40 ms late still arrives in time.
 */
export const audioPace: Pace = { burst: 6, intervalMs: 120 }

/**
 * Pace of texts: they must be more than 1 s apart (1240/100397), and the network may bring them closer
 * together.
 */
export const textPace: Pace = { burst: 1, intervalMs: 1_100 }

/**
 * Decides when texts or packets may be sent. The interval starts when a packet is sent, so a late timer or a
 * slow source never makes the next packet early.
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

  /** Resolves with true when the next packet may be sent; with false when `signal` fires first. */
  async due(signal: AbortSignal): Promise<boolean> {
    // Check again after each timer: timers may fire a little early.
    while (this.#sent >= this.#pace.burst && this.#left() > 0) {
      if (!(await pause(this.#clock, this.#left(), signal))) return false
    }
    return !signal.aborted
  }

  /** Call it after each packet. */
  sent(): void {
    this.#sent += 1
    this.#lastAt = this.#clock.now()
  }

  #left(): number {
    return this.#lastAt + this.#pace.intervalMs - this.#clock.now()
  }
}
