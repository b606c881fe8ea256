import type { FlvTagTypeId } from '../flv/flv-tag'

/** Sound or picture that goes back this far is on another time line. */
const BACKWARDS_MS = 1000
/** About a frame: from the end of a time line to the beginning of the next. */
const FRAME_MS = 40

/**
 * The time of a stream: the publisher's, which has 32 bits and begins anew when its source does, as one
 * line without an end. Looks at each kind of media by itself, as sound and picture may come in any order.
 */
export class StreamTime {
  /** A moment on both time lines. */
  #anchor: { readonly published: number; readonly time: number } | undefined
  readonly #reached = new Map<FlvTagTypeId, number>()

  /** Goes on with media that the publisher gives this time; gives the stream's. */
  follow(kind: FlvTagTypeId, published: number): number {
    let time = this.#read(published)
    if (time < (this.#reached.get(kind) ?? time) - BACKWARDS_MS) {
      time = Math.max(...this.#reached.values()) + FRAME_MS
      this.#reached.clear()
    }
    this.#anchor = { published, time }
    this.#reached.set(kind, Math.max(this.#reached.get(kind) ?? time, time))
    return time
  }

  /** Where a header belongs that comes now: at its own time when that is near, as some always say 0. */
  near(published: number): number {
    const now = this.#anchor?.time ?? published
    const time = this.#read(published)
    return time > now && time - now < BACKWARDS_MS ? time : now
  }

  #read(published: number): number {
    if (!this.#anchor) return published
    // The difference in 32 bits with a sign, right across the wrap as well.
    return this.#anchor.time + ((published - this.#anchor.published) | 0)
  }
}
