import { createDeferred } from '../async/deferred'
import type { IvhApiError } from '../errors'

/** The service has ended the drive, or begun another. */
export const tooLateCode = 110015
/** How one packet is refused that is wrong, too early or too late. */
const packetCodes: ReadonlySet<number> = new Set([100001, 100012, tooLateCode])

/** The packets that the service refused of a drive which it may speak: what came before them is heard. */
export class Refusals {
  readonly #told = createDeferred()
  #count = 0
  #error: IvhApiError | undefined
  #finalWasLate = false

  /** The first refusal of what was to be heard. */
  get error(): IvhApiError | undefined {
    return this.#error
  }

  /** Resolves when {@link error} is set. */
  get told(): Promise<void> {
    return this.#told.promise
  }

  get count(): number {
    return this.#count
  }

  /** The service had ended the drive before its final packet came, and nothing else is missing. */
  get onlyFinal(): boolean {
    return this.#finalWasLate && !this.#error
  }

  /** Whether such a refusal is of one packet; any other ends the drive. */
  static isOfPacket(code: number): boolean {
    return packetCodes.has(code)
  }

  /** @param mayBeFinal whether the final packet is among those that may be meant. */
  add(refusal: IvhApiError, mayBeFinal: boolean): void {
    this.#count += 1
    // They come in the order of the packets: of two, the first is of what was to be heard.
    if (mayBeFinal && refusal.code === tooLateCode && !this.#finalWasLate) {
      this.#finalWasLate = true
      return
    }
    this.#error ??= refusal
    this.#told.resolve()
  }
}
