import { setMaxListeners } from 'node:events'
import type { Appearance } from '../face/appearance'
import { type AllowImage, type FetchedImages, fetchImages, fingerprintOf } from './fetched-images'
import { type BankData, PictureBank } from './picture-bank'

/**
 * Draws and encodes everything that one human can show. `images` are the files behind the addresses of
 * its background and layers.
 */
export type BuildBank = (
  appearance: Appearance,
  signal: AbortSignal,
  images: FetchedImages,
) => Promise<BankData>

/**
 * The banks that have been built, the most recently used ones kept. Humans that ask for the
 * same picture at the same time share one build. Images are fetched for everybody who asks: an address
 * may have another image by now, or one at last.
 */
export class BankStore {
  readonly #banks = new Map<string, Promise<PictureBank>>()
  readonly #closing = new AbortController()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly build: BuildBank,
    private readonly maxBanks: number,
    private readonly allowImage?: AllowImage,
  ) {
    // Every image that is being fetched listens.
    setMaxListeners(0, this.#closing.signal)
  }

  async get(appearance: Appearance): Promise<PictureBank> {
    const images = await fetchImages(appearance, this.#closing.signal, this.allowImage)
    const key = keyOf(appearance, images)
    const known = this.#banks.get(key)
    this.#banks.delete(key)
    const bank = known ?? this.#build(appearance, images, key)
    this.#banks.set(key, bank)
    for (const oldest of this.#banks.keys()) {
      if (this.#banks.size <= this.maxBanks) break
      this.#banks.delete(oldest)
    }
    return bank
  }

  /** Stops the builds that are under way; those who wait for them get an AbortError. */
  close(): void {
    this.#closing.abort()
    this.#banks.clear()
  }

  #build(appearance: Appearance, images: FetchedImages, key: string): Promise<PictureBank> {
    const { signal } = this.#closing
    // One after the other: two at a time would take as long and need twice the memory.
    const built = this.#queue.then(async () => {
      signal.throwIfAborted()
      return new PictureBank(await this.build(appearance, signal, images))
    })
    const forget = (): void => {
      if (this.#banks.get(key) === built) this.#banks.delete(key)
    }
    this.#queue = built.catch(forget)
    return built
  }
}

function keyOf(appearance: Appearance, images: FetchedImages): string {
  const { alpha, anchor, avatar, background, frame, layers, name, orientation } = appearance
  const shown = [background, layers, fingerprintOf(images)]
  return JSON.stringify([avatar, orientation, name, alpha, frame, anchor, ...shown])
}
