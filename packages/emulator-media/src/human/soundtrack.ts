import { AAC_FRAME_MS, MOUTH_MS } from '../audio/format'
import { MOUTHS, type Mouth } from '../face/expression'
import type { PcmTap } from './pcm-tap'
import type { SoundSource } from './speech'

/**
 * The sound of one human: a frame for every moment, and the mouth that goes with it. Sound is the
 * master: the picture of a moment shows the mouth of what is heard at that moment.
 */
export class Soundtrack {
  #playing: SoundSource | undefined
  /** Mouths by number of {@link MOUTH_MS} from the beginning of the stream. */
  readonly #mouths = new Map<number, number>()

  constructor(
    private readonly silence: Uint8Array,
    private readonly tap: PcmTap | undefined,
  ) {}

  /** Takes the place of whatever is being said. */
  play(source: SoundSource): void {
    this.hush()
    this.#playing = source
  }

  /** What is on its way is still heard, a tenth of a second at most. */
  hush(): void {
    this.#playing?.stop()
    this.#playing = undefined
    this.tap?.flush()
  }

  /** The payload of the AAC frame that is played from `at` on. Ask in order. */
  frameAt(at: number): Uint8Array {
    const frame = this.#playing?.next() ?? 'silence'
    if (frame === 'over') {
      this.#playing = undefined
      this.tap?.flush()
    }
    if (frame === 'over' || frame === 'silence') return this.silence
    // An encoder's sound is heard one frame after it was put in.
    const heardAt = at + AAC_FRAME_MS
    if (frame.heard) {
      for (const [index, mouth] of frame.heard.mouths.entries()) {
        this.#mouths.set(heardAt / MOUTH_MS + index, mouth)
      }
      this.tap?.push(heardAt, frame.heard.samples)
    }
    return frame.payload
  }

  /** The mouth in the middle of a picture that is shown from `at` on for `lasting` milliseconds. */
  mouthAt(at: number, lasting: number): Mouth {
    const slot = Math.floor((at + lasting / 2) / MOUTH_MS)
    for (const old of this.#mouths.keys()) {
      if (old >= slot - 2) break
      this.#mouths.delete(old)
    }
    return MOUTHS[this.#mouths.get(slot) ?? 0] ?? 'smile'
  }
}
