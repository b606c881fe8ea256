import type { Appearance } from '../face/appearance'
import { type BankData, PictureBank } from './picture-bank'

/** Draws and encodes everything that one human can show. */
export type BuildBank = (appearance: Appearance, signal: AbortSignal) => Promise<BankData>

/**
 * The banks that have been built, the most recently used ones kept. Humans that ask for the
 * same avatar at the same time share one build.
 */
export class BankStore {
  readonly #banks = new Map<string, Promise<PictureBank>>()
  readonly #closing = new AbortController()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly build: BuildBank,
    private readonly maxBanks: number,
  ) {}

  get(appearance: Appearance): Promise<PictureBank> {
    const key = keyOf(appearance)
    const known = this.#banks.get(key)
    this.#banks.delete(key)
    const bank = known ?? this.#build(appearance, key)
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

  #build(appearance: Appearance, key: string): Promise<PictureBank> {
    // One after the other: two at a time would take as long and need twice the memory.
    const built = this.#queue.then(async () => {
      this.#closing.signal.throwIfAborted()
      return new PictureBank(await this.build(appearance, this.#closing.signal))
    })
    const forget = (): void => {
      if (this.#banks.get(key) === built) this.#banks.delete(key)
    }
    this.#queue = built.catch(forget)
    return built
  }
}

function keyOf(appearance: Appearance): string {
  const { alpha, anchor, avatar, background, frame, layers, name, orientation } = appearance
  return JSON.stringify([avatar, orientation, background, name, alpha, layers, frame, anchor])
}
