import type { IvhApiError } from '../../errors'

/** Code for a packet that is too late: the service has ended the command, or begun another. */
export const tooLateCode = 110015
/** Codes that refuse one packet: it is wrong, too early or too late. Other codes end the command. */
const packetCodes: ReadonlySet<number> = new Set([100001, 100012, tooLateCode])

/** The refused packets of a command. The service may still speak the earlier packets. */
export class Refusals {
  #count = 0
  #error: IvhApiError | undefined
  #finalWasLate = false

  /** The first refusal of a packet with content. */
  get error(): IvhApiError | undefined {
    return this.#error
  }

  get count(): number {
    return this.#count
  }

  /** True when the service refused only the final packet, because it had ended the command itself. */
  get onlyFinal(): boolean {
    return this.#finalWasLate && !this.#error
  }

  static isOfPacket(code: number): boolean {
    return packetCodes.has(code)
  }

  /** @param mayBeFinal True when the final packet may be the refused one. */
  add(refusal: IvhApiError, mayBeFinal: boolean): void {
    this.#count += 1
    // Refusals arrive in the order of the packets, so the first of two refusals concerns a packet with
    // content.
    if (mayBeFinal && refusal.code === tooLateCode && !this.#finalWasLate) this.#finalWasLate = true
    else this.#error ??= refusal
  }
}
