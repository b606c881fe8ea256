import { latencyTolerance } from '../constants'

/** Distance later than the target above which the playhead jumps, in seconds. */
const jumpAfter = 2
/** Time that the playhead must be that late, in milliseconds, so that a burst of data causes no jump. */
const lateMs = 1_000
/** Pause between two jumps, in milliseconds: a slow device needs time to decode up to the target. */
const nextJumpMs = 8_000
/** Buffered media below which the buffer counts as empty, in seconds. */
const emptyBuffer = 0.1
/** Longest time that playback waits for the buffer beyond the target latency, in milliseconds. */
const holdGraceMs = 2_000

/**
 * What to do about the latency.
 *
 * - `hold`: stand still until the buffer holds the target latency.
 * - `jump`: seek to the target latency.
 */
export type LatencyAdvice = 'play' | 'hold' | 'jump'

/**
 * Keeps the playhead near its target latency. With an empty buffer, at the start and after an
 * underrun, it waits until the target is buffered, unless it differs by at most one second. A playhead
 * that is over two seconds too late jumps. In between, the engine plays slightly faster. Reads no
 * clock: the caller gives the time.
 */
export class LatencyControl {
  readonly #target: number
  #filling = true
  #holdingSince: number | null = null
  #lateSince: number | null = null
  #jumpedAt = Number.NEGATIVE_INFINITY

  /** @param target seconds between the live edge and the picture. */
  constructor(target: number) {
    this.#target = target
  }

  /** @param ahead seconds of buffered media after the playhead. */
  observe(now: number, ahead: number): LatencyAdvice {
    if (this.#mustHold(now, ahead)) return 'hold'
    if (ahead <= this.#target + jumpAfter) {
      this.#lateSince = null
      return 'play'
    }
    this.#lateSince ??= now
    if (now - this.#lateSince < lateMs || now - this.#jumpedAt < nextJumpMs) return 'play'
    this.#lateSince = null
    this.#jumpedAt = now
    return 'jump'
  }

  #mustHold(now: number, ahead: number): boolean {
    const empty = ahead <= emptyBuffer
    if (empty) {
      this.#filling = true
      this.#holdingSince = null
    }
    if (!this.#filling) return false
    const wanted = this.#holdingSince === null ? this.#target - latencyTolerance : this.#target
    if (!empty) this.#holdingSince ??= now
    const waitedMs = this.#holdingSince === null ? 0 : now - this.#holdingSince
    this.#filling = ahead < wanted && waitedMs < this.#target * 1000 + holdGraceMs
    if (!this.#filling) this.#holdingSince = null
    return this.#filling
  }
}
