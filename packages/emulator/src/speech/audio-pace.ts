/** Size of a packet in bytes: 160 ms of 16 kHz, 16-bit, mono (1240/100398). */
export const audioPacketBytes = 5_120
const packetMs = 160

/** Returns the duration of PCM in milliseconds: 16,000 samples of two bytes per second. */
export function audioMilliseconds(bytes: number): number {
  return bytes / 32
}

/** Maximum burst of audio, in milliseconds: six packets, and one more to allow for network jitter. */
const burstMs = 7 * packetMs

/** Minimum ratio of sending time to duration: 120 ms for each packet of 160 ms. */
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
