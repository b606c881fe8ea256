import { type BankData, PictureBank } from './picture-bank'

export type BuildBank = (avatar: string, signal: AbortSignal) => Promise<BankData>

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

  get(avatar: string): Promise<PictureBank> {
    const known = this.#banks.get(avatar)
    this.#banks.delete(avatar)
    const bank = known ?? this.#build(avatar)
    this.#banks.set(avatar, bank)
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

  #build(avatar: string): Promise<PictureBank> {
    // One after the other: two at a time would take as long and need twice the memory.
    const built = this.#queue.then(async () => {
      this.#closing.signal.throwIfAborted()
      return new PictureBank(await this.build(avatar, this.#closing.signal))
    })
    const forget = (): void => {
      if (this.#banks.get(avatar) === built) this.#banks.delete(avatar)
    }
    this.#queue = built.catch(forget)
    return built
  }
}
