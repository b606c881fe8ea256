import { setMaxListeners } from 'node:events'
import type { Appearance } from '../face/appearance'
import { type AllowImage, type FetchedImages, fetchImages, fingerprintOf } from './fetched-images'
import { type BankData, PictureBank } from './picture-bank'

/** Draws and encodes every picture of one human. `images` holds the files of its background and layers. */
export type BuildBank = (
  appearance: Appearance,
  signal: AbortSignal,
  images: FetchedImages,
) => Promise<BankData>

/**
 * Keeps the most recently used banks. Humans with the same appearance share one build. Images are fetched
 * for every request, because an address may serve another image later.
 */
export class BankStore {
  readonly #build: BuildBank
  readonly #maxBanks: number
  readonly #allowImage: AllowImage | undefined
  readonly #banks = new Map<string, Promise<PictureBank>>()
  readonly #closing = new AbortController()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(build: BuildBank, maxBanks: number, allowImage?: AllowImage) {
    this.#build = build
    this.#maxBanks = maxBanks
    this.#allowImage = allowImage
    // Allow any number of listeners: every image download adds one.
    setMaxListeners(0, this.#closing.signal)
  }

  async get(appearance: Appearance): Promise<PictureBank> {
    const images = await fetchImages(appearance, this.#closing.signal, this.#allowImage)
    const key = keyOf(appearance, images)
    const known = this.#banks.get(key)
    this.#banks.delete(key)
    const bank = known ?? this.#enqueue(appearance, images, key)
    this.#banks.set(key, bank)
    for (const oldest of this.#banks.keys()) {
      if (this.#banks.size <= this.#maxBanks) break
      this.#banks.delete(oldest)
    }
    return bank
  }

  /** Stops the running builds; their callers get an AbortError. */
  close(): void {
    this.#closing.abort()
    this.#banks.clear()
  }

  #enqueue(appearance: Appearance, images: FetchedImages, key: string): Promise<PictureBank> {
    const { signal } = this.#closing
    // Run one build at a time: two builds would take as long together and need twice the memory.
    const built = this.#queue.then(async () => {
      signal.throwIfAborted()
      return new PictureBank(await this.#build(appearance, signal, images))
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
