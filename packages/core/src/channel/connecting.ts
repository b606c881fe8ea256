import type { Clock } from '@ivh-kit/kernel'
import { backoffMs } from '../async/backoff'
import { pause } from '../async/pause'
import type { IvhError } from '../errors'
import type { ChannelEnd } from './channel-end'

/**
 * Minimum lifetime of a working connection, in milliseconds. The loss of a working connection starts a new
 * budget.
 */
const provenMs = 5_000

export interface ConnectingParts {
  readonly clock: Clock
  /** Returns a random number from 0 up to, not including, 1. */
  readonly random: () => number
  readonly giveUpAfterMs: number
  /** Makes one attempt. Resolves with its failure; with undefined when it succeeds. */
  readonly connect: () => Promise<IvhError | undefined>
  /** Asks the service whether the session has ended; a refused WebSocket does not show it. Never rejects. */
  readonly inspect: (signal: AbortSignal) => Promise<ChannelEnd | undefined>
  readonly onReconnecting: (attempt: number, delayMs: number, error: IvhError) => void
  /** Called when the service has ended the session. */
  readonly onEnded: (end: ChannelEnd) => void
}

/** Opens the connections of a channel: attempts, the pauses between them, and the time limit. */
export class Connecting {
  readonly #parts: ConnectingParts
  readonly #life: AbortSignal
  #openedAt = Number.NEGATIVE_INFINITY
  #attempt = 0
  #giveUpAt = 0
  /** True when a short connection has renewed the budget. */
  #renewed = false
  #inspection: Promise<void> | undefined

  constructor(parts: ConnectingParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /**
   * Tries until a connection is open, `giveUpAfterMs` have passed, or the channel is closed. Resolves with
   * the failure when it gave up.
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
    // Renew the budget only once for short connections: a gateway may drop every connection at once.
    if (worked || !this.#renewed) this.#giveUpAt = clock.now() + giveUpAfterMs
    this.#renewed = !worked
  }

  async #giveUp(failure: IvhError): Promise<IvhError | undefined> {
    // Wait for the inspection: if the session has ended, its end is reported instead of this failure.
    await this.#inspection
    return this.#life.aborted ? undefined : failure
  }

  /** Asks the service in parallel with the attempts, because statsession may hang too. */
  #inspect(): void {
    this.#inspection ??= this.#parts.inspect(this.#life).then((end) => {
      this.#inspection = undefined
      if (end && !this.#life.aborted) this.#parts.onEnded(end)
    })
  }
}
