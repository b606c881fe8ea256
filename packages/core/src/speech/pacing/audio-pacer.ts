import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../../async/pause'

/** The first packets are sent at once (1240/100398). */
export const burstPackets = 6
/** Interval of all further packets. The service throttles packets that arrive earlier. */
export const packetIntervalMs = 120

/**
 * Decides when audio packets may be sent. The interval counts from packet to packet, so a late timer or a
 * slow source never makes the next packet early. A packet holds 160 ms of audio, so packets up to 40 ms late
 * still arrive in time.
 */
export class AudioPacer {
  readonly #clock: Clock
  #sent = 0
  #lastAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with true when the next packet is due; with false when `signal` fires first. */
  async due(signal: AbortSignal): Promise<boolean> {
    // Timers may fire a little early.
    while (this.#sent >= burstPackets && this.#left() > 0) {
      if (!(await pause(this.#clock, this.#left(), signal))) return false
    }
    return !signal.aborted
  }

  /** Call it when a packet has been sent. */
  sent(): void {
    this.#sent += 1
    this.#lastAt = this.#clock.now()
  }

  #left(): number {
    return this.#lastAt + packetIntervalMs - this.#clock.now()
  }
}
