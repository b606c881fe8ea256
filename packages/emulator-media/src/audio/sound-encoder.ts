import { AacEncoder } from './aac/aac-encoder'
import { PCM_FRAME_SAMPLES } from './format'
import { MouthTracker } from './mouth-track'

/**
 * A stretch of an encoded sound. A sound of n frames of PCM has n + 1 packets: what is heard while
 * packet i is played is frame i - 1.
 */
export interface SoundBlock {
  readonly packets: readonly Uint8Array[]
  /** Whole frames of 16 kHz PCM. */
  readonly samples: Int16Array
  /** Two mouths for each frame, as indices into `MOUTHS`. */
  readonly mouths: Uint8Array
}

/** Encodes one sound that may come in pieces, and finds the mouths that go with it. */
export class SoundEncoder {
  readonly #encoder = new AacEncoder()
  readonly #mouths = new MouthTracker()
  #rest: Int16Array = new Int16Array(0)
  #empty = true

  /** 16 kHz PCM; what does not fill a frame waits for more. */
  write(samples: Int16Array): SoundBlock {
    const all = new Int16Array(this.#rest.length + samples.length)
    all.set(this.#rest)
    all.set(samples, this.#rest.length)
    const whole = all.length - (all.length % PCM_FRAME_SAMPLES)
    this.#rest = all.slice(whole)
    const ready = all.slice(0, whole)
    if (whole > 0) this.#empty = false
    return { packets: this.#encode(ready), samples: ready, mouths: this.#mouths.push(ready) }
  }

  /** Pads the last frame with silence and gives the packet that it is heard with. */
  end(): SoundBlock {
    const missing = this.#rest.length > 0 ? PCM_FRAME_SAMPLES - this.#rest.length : 0
    const last = this.write(new Int16Array(missing))
    if (this.#empty) return last
    return {
      ...last,
      packets: [...last.packets, ...this.#encode(new Int16Array(PCM_FRAME_SAMPLES))],
    }
  }

  #encode(samples: Int16Array): Uint8Array[] {
    const packets: Uint8Array[] = []
    for (let at = 0; at < samples.length; at += PCM_FRAME_SAMPLES) {
      packets.push(this.#encoder.encode(samples.subarray(at, at + PCM_FRAME_SAMPLES)))
    }
    return packets
  }
}
