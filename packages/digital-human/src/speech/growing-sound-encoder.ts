import type { EncoderPool } from '../audio/aac-encoder'
import { type SoundBlock, SoundEncoder } from '../audio/sound-encoder'

/** Encodes one growing sound, piece by piece and in order, with an encoder from the pool. */
export class GrowingSoundEncoder {
  readonly #sound: Promise<SoundEncoder>
  readonly #giveBack: () => Promise<void>
  #tail: Promise<unknown> = Promise.resolve()
  #cancelled = false

  constructor(pool: EncoderPool) {
    const encoder = pool.take()
    this.#sound = encoder.then((taken) => new SoundEncoder(taken))
    this.#sound.catch(() => undefined)
    this.#giveBack = async () => pool.give(await encoder)
  }

  /** Returns the next block, or undefined when the sound has been cancelled. */
  write(samples: Int16Array): Promise<SoundBlock | undefined> {
    return this.#inOrder(async () => {
      const sound = await this.#sound
      const block = this.#cancelled ? undefined : await sound.write(samples)
      return this.#cancelled ? undefined : block
    })
  }

  /** Returns the last block, or undefined when the sound has been cancelled. */
  end(): Promise<SoundBlock | undefined> {
    return this.#inOrder(async () => {
      const sound = await this.#sound
      // Finish the sound even after a cancel: the encoder must hold silence before its next sound.
      const block = await sound.end()
      await this.#giveBack()
      return this.#cancelled ? undefined : block
    })
  }

  cancel(): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.end().catch(() => undefined)
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined)
    return done
  }
}
