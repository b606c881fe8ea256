import { pcmFrameSamples } from '../audio/format'
import type { SpeechResponse } from './thread-message'

/** The sound of one AAC frame. */
export interface SoundFrame {
  /** One AAC packet. */
  readonly packet: Uint8Array
  /** Sound and mouths that go with the next packet; undefined at the end of a sound. */
  readonly heard: { readonly samples: Int16Array; readonly mouths: Uint8Array } | undefined
}

/** An encoded sound that may still be growing. */
export class Sound {
  readonly #packets: Uint8Array[] = []
  readonly #samples: Int16Array[] = []
  readonly #mouths: Uint8Array[] = []
  #complete = false

  /** Adds the next piece from the speech thread. */
  append(piece: Extract<SpeechResponse, { type: 'sound' }>): void {
    let begin = 0
    for (const length of piece.packetLengths) {
      this.#packets.push(piece.packets.subarray(begin, begin + length))
      begin += length
    }
    for (let at = 0; at < piece.samples.length; at += pcmFrameSamples) {
      this.#samples.push(piece.samples.subarray(at, at + pcmFrameSamples))
    }
    for (let at = 0; at < piece.mouths.length; at += 2) {
      this.#mouths.push(piece.mouths.subarray(at, at + 2))
    }
    this.#complete ||= piece.complete
  }

  /** Returns the frame at `index`, `missing` while it may still arrive, or `over` after the last frame. */
  frame(index: number): SoundFrame | 'missing' | 'over' {
    const packet = this.#packets[index]
    if (!packet) return this.#complete ? 'over' : 'missing'
    const samples = this.#samples[index]
    const mouths = this.#mouths[index]
    return { packet, heard: samples && mouths ? { samples, mouths } : undefined }
  }
}
