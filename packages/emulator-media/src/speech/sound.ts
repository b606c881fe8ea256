import { PCM_FRAME_SAMPLES } from '../audio/format'
import { aacFrame } from '../flv/media-payload'
import type { SpeechAnswer } from './thread-message'

/** What goes on the air in the time of one AAC frame. */
export interface SoundFrame {
  /** FLV payload. */
  readonly payload: Uint8Array
  /** What will be heard while the payload after this one is played; undefined behind the end. */
  readonly heard: { readonly samples: Int16Array; readonly mouths: Uint8Array } | undefined
}

/** An encoded sound that may still be growing. */
export class Sound {
  readonly #payloads: Uint8Array[] = []
  readonly #samples: Int16Array[] = []
  readonly #mouths: Uint8Array[] = []
  #complete = false

  append(answer: Extract<SpeechAnswer, { type: 'sound' }>): void {
    let begin = 0
    for (const length of answer.packetLengths) {
      this.#payloads.push(aacFrame(answer.packets.subarray(begin, begin + length)))
      begin += length
    }
    for (let at = 0; at < answer.samples.length; at += PCM_FRAME_SAMPLES) {
      this.#samples.push(answer.samples.subarray(at, at + PCM_FRAME_SAMPLES))
    }
    for (let at = 0; at < answer.mouths.length; at += 2) {
      this.#mouths.push(answer.mouths.subarray(at, at + 2))
    }
    this.#complete ||= answer.complete
  }

  /** The frame at `index`, if it is there; `over` when no such frame will ever be. */
  frame(index: number): SoundFrame | 'missing' | 'over' {
    const payload = this.#payloads[index]
    if (!payload) return this.#complete ? 'over' : 'missing'
    const samples = this.#samples[index]
    const mouths = this.#mouths[index]
    return { payload, heard: samples && mouths ? { samples, mouths } : undefined }
  }
}
