/** Size of a packet: 160 ms of 16 kHz, 16-bit, mono (1240/100398). */
export const audioPacketBytes = 5_120
const packetMs = 160

/** Duration of PCM with 16,000 samples of two bytes per second. */
export function audioMilliseconds(bytes: number): number {
  return bytes / 32
}

/** Six packets may arrive at once; one more allows for jitter of the network. */
const burstMs = 7 * packetMs

/** Fastest allowed pace: one packet of 160 ms every 120 ms. */
const fastestPace = 120 / packetMs

/**
 * Checks the pace of audio against 1240/100398. The allowance grows with time up to the burst, so that a
 * slow sender cannot catch up at once.
 */
export class AudioPace {
  #creditMs = burstMs
  #at: number | undefined

  tooFast(now: number, milliseconds: number): boolean {
    return milliseconds > this.#credit(now)
  }

  take(now: number, milliseconds: number): void {
    // The credit becomes negative when audio comes too fast but is only logged, not refused.
    this.#creditMs = this.#credit(now) - milliseconds
    this.#at = now
  }

  #credit(now: number): number {
    return Math.min(burstMs, this.#creditMs + (now - (this.#at ?? now)) / fastestPace)
  }
}
