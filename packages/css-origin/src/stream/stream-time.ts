import type { FlvTagTypeId } from '../flv/flv-tag'

/** Backward jump after which media belongs to a new time line, in milliseconds. */
const backwardsMs = 1000
/** Gap between the end of a time line and the start of the next, in milliseconds: about a frame. */
const frameMs = 40

/**
 * Turns the publisher's time, which has 32 bits and may restart, into one time line that never goes back.
 * Sound and pictures are followed separately, because they may arrive in any order.
 */
export class StreamTime {
  /** The same moment on both time lines. */
  #anchor: { readonly published: number; readonly time: number } | undefined
  readonly #reached = new Map<FlvTagTypeId, number>()

  /** Returns the stream time of media with this publisher time. */
  follow(kind: FlvTagTypeId, published: number): number {
    let time = this.#read(published)
    if (time < (this.#reached.get(kind) ?? time) - backwardsMs) {
      time = Math.max(...this.#reached.values()) + frameMs
      this.#reached.clear()
    }
    this.#anchor = { published, time }
    this.#reached.set(kind, Math.max(this.#reached.get(kind) ?? time, time))
    return time
  }

  /** Returns the stream time of a header. Publishers may send 0, so only a near time is used. */
  near(published: number): number {
    const now = this.#anchor?.time ?? published
    const time = this.#read(published)
    return time > now && time - now < backwardsMs ? time : now
  }

  #read(published: number): number {
    if (!this.#anchor) return published
    // Use a signed 32-bit difference, which is right across the wrap as well.
    return this.#anchor.time + ((published - this.#anchor.published) | 0)
  }
}
