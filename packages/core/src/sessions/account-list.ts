import type { Caller } from '../client/call'

/** A page of this many rows costs about as much as one call; measured, and only a rule of thumb. */
const rowsPerCall = 20

const callTimeoutMs = 5_000
const shortestRestMs = 5_000
const longestRestMs = 300_000

/**
 * The account's list as a hint about many sessions at once. Neither its rate nor its size is documented,
 * nor whether it holds sessions that are being prepared: when it fails, is refused, or tells too little
 * for its length, it is left alone for 5 s, then for twice as long each time.
 */
export class AccountList {
  readonly #call: Caller
  readonly #timeoutMs: number
  #readAt = Number.NEGATIVE_INFINITY
  #restUntil = Number.NEGATIVE_INFINITY
  #disappointments = 0
  #rows = 0

  constructor(call: Caller, timeoutMs: number) {
    this.#call = call
    this.#timeoutMs = Math.min(timeoutMs, callTimeoutMs)
  }

  /** Whether somebody who looks once in `intervalMs` may have it read now. */
  mayBeRead(intervalMs: number, now: number): boolean {
    return now >= this.#restUntil && now >= this.#readAt + intervalMs
  }

  /** From how many sessions on one read is cheaper than a call for each, as far as is known. */
  worthwhileFrom(now: number): number {
    return now - this.#readAt > longestRestMs ? 0 : this.#rows / rowsPerCall
  }

  /** The status of every session in it; undefined when it could not be read. */
  async read(signal: AbortSignal): Promise<ReadonlyMap<string, number> | undefined> {
    try {
      const limits = { signal, maxRetries: 0, timeoutMs: this.#timeoutMs }
      const { Sessions } = await this.#call('listSessionOfUin', {}, limits)
      return new Map(Sessions.map((row) => [row.SessionId, row.SessionStatus]))
    } catch {
      return undefined
    }
  }

  /** Notes how it went: how many it was asked about and told of, in how many rows. */
  wasRead(now: number, { asked, told, rows }: { asked: number; told: number; rows: number }): void {
    this.#readAt = now
    if (told * 2 >= asked) {
      this.#disappointments = 0
      this.#rows = rows
      return
    }
    this.#rows = 0
    this.#restUntil = now + Math.min(shortestRestMs * 2 ** this.#disappointments, longestRestMs)
    this.#disappointments += 1
  }
}
