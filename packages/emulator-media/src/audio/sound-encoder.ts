import type { AacEncoder, AacEncoderPool } from './aac-encoder'
import { PCM_FRAME_SAMPLES } from './format'
import { MouthTracker } from './mouth-track'
import { Doubler } from './resample'

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

/** Puts out the last frame and what it leaves in the next, and is forgotten itself. */
const TRAILING_FRAMES = 3

/** Encodes one sound that may come in pieces, and finds the mouths that go with it. */
export class SoundEncoder {
  readonly #doubler = new Doubler()
  readonly #mouths = new MouthTracker()
  readonly #first: number
  #rest: Int16Array = new Int16Array(0)
  #frames = 0
  #allOut: () => void = () => undefined

  private constructor(
    private readonly encoder: AacEncoder,
    private readonly pool: AacEncoderPool,
    private readonly emit: (block: SoundBlock) => void,
  ) {
    this.#first = encoder.frames
    encoder.onPacket = (packet, index) => this.#take(packet, index)
  }

  static async open(pool: AacEncoderPool, emit: (block: SoundBlock) => void) {
    return new SoundEncoder(await pool.acquire(), pool, emit)
  }

  /** 16 kHz PCM; what does not fill a frame waits for more. */
  async write(samples: Int16Array): Promise<void> {
    const all = new Int16Array(this.#rest.length + samples.length)
    all.set(this.#rest)
    all.set(samples, this.#rest.length)
    const whole = all.length - (all.length % PCM_FRAME_SAMPLES)
    this.#rest = all.slice(whole)
    if (whole === 0) return
    const ready = all.slice(0, whole)
    this.#frames += whole / PCM_FRAME_SAMPLES
    // Mouths and samples before the packets: a player must not have to wait for them.
    this.emit({ packets: [], samples: ready, mouths: this.#mouths.push(ready) })
    await this.encoder.feed(this.#doubler.push(ready))
  }

  /** Pads the last frame with silence and resolves when the last packet is out. */
  async end(): Promise<void> {
    if (this.#rest.length > 0)
      await this.write(new Int16Array(PCM_FRAME_SAMPLES - this.#rest.length))
    const allOut = new Promise<void>((resolve) => {
      this.#allOut = resolve
    })
    if (this.#frames === 0) this.#allOut()
    await this.encoder.feed(this.#doubler.push(new Int16Array(PCM_FRAME_SAMPLES * TRAILING_FRAMES)))
    await allOut
    this.pool.release(this.encoder)
  }

  #take(packet: Uint8Array, index: number): void {
    const own = index - this.#first
    if (own < 0 || own > this.#frames) return
    this.emit({ packets: [packet], samples: new Int16Array(0), mouths: new Uint8Array(0) })
    // Feeding the trailing silence comes after `end` has set this.
    if (own === this.#frames) this.#allOut()
  }
}
