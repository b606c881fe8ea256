import type { AacEncoder } from './aac-encoder'
import { pcmFrameSamples } from './format'
import { joinedSamples } from './joined'
import { MouthTracker } from './mouth-track'

/**
 * A stretch of an encoded sound. A sound of n frames of PCM has n + 1 packets: frame i is heard while
 * packet i + 1 plays. Packets may lag one frame behind the samples until the sound ends.
 */
export interface SoundBlock {
  readonly packets: readonly Uint8Array[]
  /** Whole frames of 16 kHz PCM. */
  readonly samples: Int16Array
  /** Two mouths for each frame, as indices into `mouthForms`. */
  readonly mouths: Uint8Array
}

/** Encodes one sound that may come in pieces, and finds the mouths that go with it. */
export class SoundEncoder {
  readonly #encoder: AacEncoder
  readonly #mouths = new MouthTracker()
  #rest: Int16Array = new Int16Array(0)
  #frames = 0
  #leftovers = 1

  /** Takes an encoder that no other sound uses until this one has ended. */
  constructor(encoder: AacEncoder) {
    this.#encoder = encoder
  }

  /** Takes 16 kHz PCM. An incomplete last frame waits for more. */
  async write(samples: Int16Array): Promise<SoundBlock> {
    const all = joinedSamples([this.#rest, samples])
    const whole = all.length - (all.length % pcmFrameSamples)
    this.#rest = all.slice(whole)
    const ready = all.slice(0, whole)
    this.#frames += whole / pcmFrameSamples
    const mouths = this.#mouths.push(ready)
    return { packets: await this.#encode(ready), samples: ready, mouths }
  }

  /** Pads the last frame with silence and returns the remaining packets. */
  async end(): Promise<SoundBlock> {
    const missing = this.#rest.length > 0 ? pcmFrameSamples - this.#rest.length : 0
    const last = await this.write(new Int16Array(missing))
    if (this.#frames === 0) return last
    // Add two frames of silence: the last frame overlaps with the first of them, and the encoder looks ahead
    // at the second.
    const flushed = await this.#encode(new Int16Array(pcmFrameSamples * 2))
    return { ...last, packets: [...last.packets, ...flushed] }
  }

  async #encode(samples: Int16Array): Promise<Uint8Array[]> {
    const packets = await this.#encoder.encode(samples)
    // Leave out the first packet, which belongs to the silence before this sound.
    const own = packets.slice(this.#leftovers)
    this.#leftovers -= packets.length - own.length
    return own
  }
}
