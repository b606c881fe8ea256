/** 160 ms of 16 kHz, 16-bit, mono: what one packet holds (1240/100398). */
export const audioPacketBytes = 5_120
const packetMs = 160

/** 16,000 samples of two bytes in a second. */
export function audioMilliseconds(bytes: number): number {
  return bytes / 32
}

/** The first six at once, and one more for the unevenness of a network. */
const burstMs = 7 * packetMs

/** One packet of 160 ms every 120 ms. */
const fastest = 120 / packetMs

/**
 * Tells whether audio comes faster than 1240/100398 allows. What may come at once grows back with time, up
 * to the burst: who was slow may not make up for all of it at once.
 */
export class AudioPace {
  #creditMs = burstMs
  #at: number | undefined

  tooFast(now: number, milliseconds: number): boolean {
    return milliseconds > this.#credit(now)
  }

  take(now: number, milliseconds: number): void {
    // Below nothing, where what is too fast is only noted.
    this.#creditMs = this.#credit(now) - milliseconds
    this.#at = now
  }

  #credit(now: number): number {
    return Math.min(burstMs, this.#creditMs + (now - (this.#at ?? now)) / fastest)
  }
}
