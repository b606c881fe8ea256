import type { PcmBlock } from '@ivh-kit/css-origin'
import type { PcmListener } from '@ivh-kit/digital-human'

/** Receives the sound of streams as PCM, for example for WebRTC, which cannot carry AAC. */
export interface PcmSink {
  /** Takes the next block of a stream. Blocks arrive in order; a missing block means silence. */
  offerPcm(streamName: string, block: PcmBlock): void
}

const samplesPerMs = 16
const blockMs = 20
const blockSamples = blockMs * samplesPerMs

/** Period after which RTMP timestamps of 32 bits wrap, in milliseconds: seven weeks. */
const wrapMs = 2 ** 32

/** Cuts the sound of AAC frames into blocks on a grid of 20 ms. */
export class PcmTap implements PcmListener {
  readonly #take: (block: PcmBlock) => void
  #block: Int16Array | undefined
  /** Start of the block and end of its samples, in samples from the start of the stream. */
  #begin = 0
  #end = 0

  constructor(take: (block: PcmBlock) => void) {
    this.#take = take
  }

  push(timeMs: number, samples: Int16Array): void {
    let at = timeMs * samplesPerMs
    if (at !== this.#end) this.flush()
    for (let from = 0; from < samples.length; ) {
      if (!this.#block) {
        this.#begin = at - (at % blockSamples)
        this.#block = new Int16Array(blockSamples)
      }
      const offset = at - this.#begin
      const piece = samples.subarray(from, from + blockSamples - offset)
      this.#block.set(piece, offset)
      from += piece.length
      at += piece.length
      this.#end = at
      if (at - this.#begin === blockSamples) this.flush()
    }
  }

  /** Emits the incomplete block, padded with silence. */
  flush(): void {
    const block = this.#block
    this.#block = undefined
    if (!block) return
    this.#take({ timestampMs: (this.#begin / samplesPerMs) % wrapMs, samples: block })
  }
}
