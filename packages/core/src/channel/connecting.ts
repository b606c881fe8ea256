import type { Clock } from '@ivh-kit/kernel'
import { backoffMs } from '../async/backoff'
import { pause } from '../async/pause'
import type { IvhError } from '../errors'
import type { ChannelEnd } from './channel-end'

/** After this time a connection has worked, and its loss starts a new budget. */
const provenMs = 5_000

export interface ConnectingParts {
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly giveUpAfterMs: number
  /** Makes one attempt; resolves with its failure. */
  readonly connect: () => Promise<IvhError | undefined>
  /** Asks the service whether the session has ended, which a refused WebSocket does not show. Never rejects. */
  readonly inspect: (signal: AbortSignal) => Promise<ChannelEnd | undefined>
  readonly onReconnecting: (attempt: number, delayMs: number, error: IvhError) => void
  /** The service has ended the session. */
  readonly onEnded: (end: ChannelEnd) => void
}

/** Opens the connections of a channel: attempts, the pauses between them, and the time limit. */
export class Connecting {
  readonly #parts: ConnectingParts
  readonly #life: AbortSignal
  #openedAt = Number.NEGATIVE_INFINITY
  #attempt = 0
  #giveUpAt = 0
  /** True when a connection that did not last has renewed the budget. */
  #renewed = false
  #inspection: Promise<void> | undefined

  constructor(parts: ConnectingParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /**
   * Tries until a connection is open, `giveUpAfterMs` have passed, or the life ends. Resolves with the
   * failure when it gave up.
   *
   * @param lost The error of the previous connection.
   */
  async open(lost: IvhError | undefined): Promise<IvhError | undefined> {
    const { clock, connect, onReconnecting, random } = this.#parts
    this.#begin(lost)
    for (let failure = lost; ; this.#inspect()) {
      if (failure) {
        this.#attempt += 1
        const delayMs = backoffMs(this.#attempt, random)
        if (clock.now() + delayMs > this.#giveUpAt) return await this.#giveUp(failure)
        onReconnecting(this.#attempt, delayMs, failure)
        if (!(await pause(clock, delayMs, this.#life))) return undefined
      }
      failure = await connect()
      if (!failure || this.#life.aborted) return undefined
    }
  }

  /** Call it when a connection is open. */
  opened(): void {
    this.#openedAt = this.#parts.clock.now()
  }

  #begin(lost: IvhError | undefined): void {
    const { clock, giveUpAfterMs } = this.#parts
    const worked = !lost || clock.now() - this.#openedAt >= provenMs
    if (worked) this.#attempt = 0
    else this.#inspect()
    // A gateway that accepts connections and drops them at once must not be tried forever.
    if (worked || !this.#renewed) this.#giveUpAt = clock.now() + giveUpAfterMs
    this.#renewed = !worked
  }

  async #giveUp(failure: IvhError): Promise<IvhError | undefined> {
    // The end of the session is the better reason.
    await this.#inspection
    return this.#life.aborted ? undefined : failure
  }

  /** Runs beside the attempts, because statsession may hang as the channel does. */
  #inspect(): void {
    this.#inspection ??= this.#parts.inspect(this.#life).then((end) => {
      this.#inspection = undefined
      if (end && !this.#life.aborted) this.#parts.onEnded(end)
    })
  }
}
