import { aacFrameMs, mouthMs } from '../audio/format'
import { type Mouth, mouthForms } from '../face/expression'
import type { SoundSource } from '../speech/speech'

/** Receives the sound of a human as PCM, beside the AAC. */
export interface PcmListener {
  /** Takes 16 kHz samples that are heard from `timeMs` on. */
  push(timeMs: number, samples: Int16Array): void
  /** Reports that the sound pauses: buffered samples must leave now. */
  flush(): void
}

/**
 * The sound of one human: one AAC frame for every moment, and the mouth that goes with it. Sound leads:
 * a picture shows the mouth of the sound that a decoder plays with it.
 */
export class Soundtrack {
  readonly #silence: Uint8Array
  readonly #pcm: PcmListener | undefined
  #playing: SoundSource | undefined
  /** Mouths by their number of {@link mouthMs} from the start of the stream. */
  readonly #mouths = new Map<number, number>()

  constructor(silence: Uint8Array, pcm: PcmListener | undefined) {
    this.#silence = silence
    this.#pcm = pcm
  }

  /** Replaces the current speech. */
  play(source: SoundSource): void {
    this.hush()
    this.#playing = source
  }

  /** Stops the current speech. Sound that is already sent is still heard, at most a tenth of a second. */
  hush(): void {
    this.#playing?.stop()
    this.#playing = undefined
    this.#pcm?.flush()
  }

  /** Returns the AAC packet that plays from `at` milliseconds on. Call in the order of time. */
  packetAt(at: number): Uint8Array {
    const frame = this.#playing?.next() ?? 'silence'
    if (frame === 'over') {
      this.#playing = undefined
      this.#pcm?.flush()
    }
    if (frame === 'over' || frame === 'silence') return this.#silence
    // A decoder plays a frame one frame after its packet, because packets overlap.
    const heardAt = at + aacFrameMs
    if (frame.heard) {
      for (const [index, mouth] of frame.heard.mouths.entries()) {
        this.#mouths.set(heardAt / mouthMs + index, mouth)
      }
      this.#pcm?.push(heardAt, frame.heard.samples)
    }
    return frame.packet
  }

  /** Returns the mouth in the middle of a picture that is shown from `at` on for `lasting` milliseconds. */
  mouthAt(at: number, lasting: number): Mouth {
    const slot = Math.floor((at + lasting / 2) / mouthMs)
    for (const old of this.#mouths.keys()) {
      if (old >= slot - 2) break
      this.#mouths.delete(old)
    }
    return mouthForms[this.#mouths.get(slot) ?? 0] ?? 'smile'
  }
}
