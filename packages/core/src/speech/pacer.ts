import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../async/pause'

/** The first packets go at once (1240/100398). */
export const burstPackets = 6
/** Every further one this long after the one before it: never earlier, or the service throttles. */
export const packetIntervalMs = 120

/**
 * Decides when audio packets may leave. The interval is kept from packet to packet, so that a late
 * timer or a slow source never makes the next packet early; as a packet holds 160 ms of audio, up to
 * 40 ms of lateness each still arrive in time.
 */
export class Pacer {
  readonly #clock: Clock
  #sent = 0
  #lastAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with true when the next packet is due; with false when the signal fires first. */
  async due(signal: AbortSignal): Promise<boolean> {
    // Timers may fire a little early.
    while (this.#sent >= burstPackets && this.#left() > 0) {
      if (!(await pause(this.#clock, this.#left(), signal))) return false
    }
    return !signal.aborted
  }

  /** To be called when a packet has left. */
  sent(): void {
    this.#sent += 1
    this.#lastAt = this.#clock.now()
  }

  #left(): number {
    return this.#lastAt + packetIntervalMs - this.#clock.now()
  }
}
