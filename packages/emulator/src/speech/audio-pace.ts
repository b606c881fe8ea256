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

/** Tells whether audio comes faster than 1240/100398 allows. */
export class AudioPace {
  #begunAt: number | undefined
  #takenMs = 0

  tooFast(now: number, milliseconds: number): boolean {
    const elapsed = now - (this.#begunAt ?? now)
    return this.#takenMs + milliseconds > burstMs + elapsed / fastest
  }

  take(now: number, milliseconds: number): void {
    this.#begunAt ??= now
    this.#takenMs += milliseconds
  }
}
