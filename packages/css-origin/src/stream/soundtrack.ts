import type { OpusEncoder } from './opus-encoder'

/** 20 ms of speech for {@link CssOrigin.offerPcm}. */
export interface PcmBlock {
  /** Time on the time line of the RTMP stream, in milliseconds. */
  readonly timestampMs: number
  /** 320 samples: 16 kHz, mono, signed 16 bit. */
  readonly samples: Int16Array
}

/** One Opus packet of 20 ms. */
export interface SoundPacket {
  /** Time on the time line of the viewers, which never goes back. */
  readonly timestampMs: number
  readonly payload: Buffer
}

export const blockMs = 20
export const blockSamples = 320
/** Maximum lead of offered speech over its stream, in slots of 20 ms: half a minute. */
const maxSlotsAhead = 1500
/**
 * Maximum jump of the stream's time, in slots of 20 ms. After a longer jump, the sound in between is skipped.
 */
const maxGapSlots = 50
/** Backward step of the stream's time that counts as jitter, in slots of 20 ms. */
const maxBackSlots = 5

/**
 * The sound of a stream for WebRTC, which cannot carry AAC: speech from a side channel, encoded as Opus
 * while it has listeners, with silence in between. The media of the stream moves its time, so that picture
 * and sound share one clock.
 */
export class Soundtrack {
  readonly #blocks = new Map<number, Int16Array>()
  readonly #listeners = new Set<(packet: SoundPacket) => void>()
  readonly #silence = new Int16Array(blockSamples)
  #encoder: OpusEncoder | undefined
  /** The next slot of 20 ms; undefined until the stream starts. */
  #next: number | undefined
  /** False for streams without sound and without offered speech. */
  #open = false

  /** Sends silence until the first speech, because some players wait for the sound of a stream. */
  open(): void {
    this.#open = true
  }

  /**
   * Takes a block of speech. Ignores a block that is late, or more than half a minute early. A second
   * block for the same time replaces the first.
   *
   * @throws RangeError unless the block has 320 samples and a valid time.
   */
  offer({ samples, timestampMs }: PcmBlock): void {
    if (samples.length !== blockSamples || !(timestampMs >= 0 && timestampMs <= 0xffffffff)) {
      throw new RangeError(
        `The block has ${samples.length} samples at ${timestampMs} ms: it must have ` +
          `${blockSamples} samples (20 ms at 16 kHz) and a timestamp from 0 to 4294967295 ms.`,
      )
    }
    this.#open = true
    const slot = Math.round(timestampMs / blockMs)
    const from = this.#next ?? 0
    if (slot >= from && slot < from + maxSlotsAhead) this.#blocks.set(slot, samples)
  }

  /** Calls `listener` with every packet from now on. The first listener's encoder serves all of them. */
  listen(encoder: OpusEncoder, listener: (packet: SoundPacket) => void): () => void {
    if (this.#listeners.size === 0) this.#encoder = encoder
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#encoder = undefined
    }
  }

  /**
   * Moves the stream to this time of its publisher and emits the sound up to it. Viewers see this time as
   * `viewedMs`.
   */
  advance(timestampMs: number, viewedMs = timestampMs): void {
    const until = Math.floor(timestampMs / blockMs)
    const from = this.#next
    if (from === undefined || until < from - maxBackSlots || until > from + maxGapSlots) {
      this.#jump(until)
    }
    for (let slot = this.#next ?? until; slot <= until; slot++) {
      this.#play(slot, viewedMs - timestampMs)
    }
    this.#next = Math.max(this.#next ?? 0, until + 1)
  }

  #play(slot: number, aheadMs: number): void {
    const samples = this.#blocks.get(slot) ?? this.#silence
    this.#blocks.delete(slot)
    if (!this.#encoder || !this.#open) return
    const packet = {
      timestampMs: slot * blockMs + aheadMs,
      payload: this.#encoder.encode(samples),
    }
    for (const listener of this.#listeners) listener(packet)
  }

  #jump(slot: number): void {
    this.#next = slot
    for (const known of this.#blocks.keys()) {
      if (known < slot || known >= slot + maxSlotsAhead) this.#blocks.delete(known)
    }
  }
}
