import { PCM_RATE } from '../audio/format'
import type { PcmBlock } from '../webrtc/soundtrack'

/** Takes the sound of streams as PCM: WebRTC, for one, carries no AAC. */
export interface PcmSink {
  /** Blocks of a stream come in order; where some are left out there is silence. */
  offerPcm(streamName: string, block: PcmBlock): void
}

const BLOCK_MS = 20
const BLOCK_SAMPLES = (PCM_RATE * BLOCK_MS) / 1000

/** The time of an RTMP stream has 32 bits and begins anew after seven weeks. */
const WRAP_MS = 2 ** 32

/** Cuts the sound of AAC frames into blocks on a grid of 20 ms. */
export class PcmTap {
  #block: Int16Array | undefined
  /** In samples from the beginning of the stream. */
  #begin = 0
  #end = 0

  constructor(private readonly take: (block: PcmBlock) => void) {}

  /** What is heard from `timeMs` on. */
  push(timeMs: number, samples: Int16Array): void {
    let at = (timeMs * PCM_RATE) / 1000
    if (at !== this.#end) this.flush()
    for (let from = 0; from < samples.length; ) {
      if (!this.#block) {
        this.#begin = at - (at % BLOCK_SAMPLES)
        this.#block = new Int16Array(BLOCK_SAMPLES)
      }
      const offset = at - this.#begin
      const piece = samples.subarray(from, from + BLOCK_SAMPLES - offset)
      this.#block.set(piece, offset)
      from += piece.length
      at += piece.length
      this.#end = at
      if (at - this.#begin === BLOCK_SAMPLES) this.flush()
    }
  }

  /** Lets the last block go, filled up with silence. */
  flush(): void {
    const block = this.#block
    this.#block = undefined
    if (!block) return
    this.take({ timestampMs: ((this.#begin * 1000) / PCM_RATE) % WRAP_MS, samples: block })
  }
}
