import type { OpusEncoder } from './opus-encoder'

/** 20 ms of speech as {@link CssOrigin.offerPcm} takes it. */
export interface PcmBlock {
  /** Where it belongs on the time line of the RTMP stream, in milliseconds. */
  readonly timestampMs: number
  /** 320 samples: 16 kHz, mono, signed 16 bit. */
  readonly samples: Int16Array
}

/** One Opus packet of 20 ms. */
export interface SoundPacket {
  /** On the time line that viewers get, which has no end and no steps back. */
  readonly timestampMs: number
  readonly payload: Buffer
}

export const BLOCK_MS = 20
export const BLOCK_SAMPLES = 320
/** How far ahead of its stream speech may be offered: half a minute. */
const MAX_SLOTS_AHEAD = 1500
/** A stream whose time jumps further than this goes on from there, without the sound between. */
const MAX_GAP_SLOTS = 50

/**
 * The sound of a stream for WebRTC, which cannot carry AAC: speech from a side channel, encoded
 * as Opus while somebody listens, silence where nothing was offered. The media of the stream
 * moves it on, so that picture and sound keep one clock.
 */
export class Soundtrack {
  readonly #blocks = new Map<number, Int16Array>()
  readonly #listeners = new Set<(packet: SoundPacket) => void>()
  readonly #silence = new Int16Array(BLOCK_SAMPLES)
  #encoder: OpusEncoder | undefined
  /** The next slot of 20 ms that is due; undefined until the stream has begun. */
  #next: number | undefined
  /** Streams of other publishers have no speech, and are sent without sound. */
  #offered = false

  /**
   * Takes a block of speech. One that comes too late, or more than half a minute early, is left
   * out; a second one for the same time replaces the first.
   *
   * @throws RangeError unless it holds 320 samples at a time that can be.
   */
  offer({ samples, timestampMs }: PcmBlock): void {
    if (samples.length !== BLOCK_SAMPLES || !(timestampMs >= 0 && timestampMs <= 0xffffffff)) {
      throw new RangeError(
        `A block of ${samples.length} samples at ${timestampMs} ms was offered: ` +
          `it must hold ${BLOCK_SAMPLES} samples (20 ms at 16 kHz) at a time of the stream.`,
      )
    }
    this.#offered = true
    const slot = Math.round(timestampMs / BLOCK_MS)
    const from = this.#next ?? 0
    if (slot >= from && slot < from + MAX_SLOTS_AHEAD) this.#blocks.set(slot, samples)
  }

  /** Hears every packet from now on, encoded by `encoder` unless another one is at work. */
  listen(encoder: OpusEncoder, listener: (packet: SoundPacket) => void): () => void {
    if (this.#listeners.size === 0) this.#encoder = encoder
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#encoder = undefined
    }
  }

  /**
   * The stream has come to this time of its publisher: all sound up to it is due. Viewers see it at
   * `viewedMs`.
   */
  advance(timestampMs: number, viewedMs = timestampMs): void {
    const until = Math.floor(timestampMs / BLOCK_MS)
    const from = this.#next
    if (from === undefined || Math.abs(until - from) > MAX_GAP_SLOTS) this.#jump(until)
    for (let slot = this.#next ?? until; slot <= until; slot++) {
      this.#play(slot, viewedMs - timestampMs)
    }
    this.#next = Math.max(this.#next ?? 0, until + 1)
  }

  #play(slot: number, aheadMs: number): void {
    const samples = this.#blocks.get(slot) ?? this.#silence
    this.#blocks.delete(slot)
    if (!this.#encoder || !this.#offered) return
    const packet = {
      timestampMs: slot * BLOCK_MS + aheadMs,
      payload: this.#encoder.encode(samples),
    }
    for (const listener of this.#listeners) listener(packet)
  }

  #jump(slot: number): void {
    this.#next = slot
    for (const known of this.#blocks.keys()) {
      if (known < slot || known >= slot + MAX_SLOTS_AHEAD) this.#blocks.delete(known)
    }
  }
}
