import type { Clock } from '@ivh-kit/kernel'
import { backoffMs } from '../async/backoff'
import { pause } from '../async/pause'
import type { IvhError } from '../errors'
import type { ChannelEnd } from './channel-end'

/** A connection that lived this long has worked; the next loss is a new trouble. */
const provenMs = 5_000

export interface ConnectingParts {
  readonly clock: Clock
  /** 0 up to, not including, 1. */
  readonly random: () => number
  readonly giveUpAfterMs: number
  /** One try; resolves with what went wrong. */
  readonly connect: () => Promise<IvhError | undefined>
  /** Asks the service whether the session has ended; a refused WebSocket does not tell. Never rejects. */
  readonly inspect: (signal: AbortSignal) => Promise<ChannelEnd | undefined>
  readonly listener: ConnectingListener
}

export interface ConnectingListener {
  reconnecting(attempt: number, delayMs: number, error: IvhError): void
  /** The service has ended the session. */
  ended(end: ChannelEnd): void
}

/** How a channel comes to a connection, and to the next one: tries, the pauses between them and their end. */
export class Connecting {
  readonly #parts: ConnectingParts
  readonly #life: AbortSignal
  #openedAt = Number.NEGATIVE_INFINITY
  #attempt = 0
  #giveUpAt = 0
  /** A connection that did not last has begun the budget anew. */
  #forgiven = false
  #inspection: Promise<void> | undefined

  constructor(parts: ConnectingParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /**
   * Tries until a connection is open, `giveUpAfterMs` are used up or the life ends; resolves with why it
   * was given up. `lost` is what became of the connection before.
   */
  async open(lost: IvhError | undefined): Promise<IvhError | undefined> {
    const { clock, connect, listener, random } = this.#parts
    this.#begin(lost)
    for (let failure = lost; ; this.#inspect()) {
      if (failure) {
        this.#attempt += 1
        const delayMs = backoffMs(this.#attempt, random)
        if (clock.now() + delayMs > this.#giveUpAt) return await this.#giveUp(failure)
        listener.reconnecting(this.#attempt, delayMs, failure)
        if (!(await pause(clock, delayMs, this.#life))) return undefined
      }
      failure = await connect()
      if (!failure || this.#life.aborted) return undefined
    }
  }

  /** To be called when a connection is open. */
  opened(): void {
    this.#openedAt = this.#parts.clock.now()
  }

  #begin(lost: IvhError | undefined): void {
    const { clock, giveUpAfterMs } = this.#parts
    const worked = !lost || clock.now() - this.#openedAt >= provenMs
    if (worked) this.#attempt = 0
    else this.#inspect()
    // A gateway that takes the connection and drops it at once must not be run against for ever.
    if (worked || !this.#forgiven) this.#giveUpAt = clock.now() + giveUpAfterMs
    this.#forgiven = !worked
  }

  async #giveUp(failure: IvhError): Promise<IvhError | undefined> {
    // The end of the session is a better reason.
    await this.#inspection
    return this.#life.aborted ? undefined : failure
  }

  /** Goes on beside the tries: statsession may hang as the channel does. */
  #inspect(): void {
    this.#inspection ??= this.#ask().finally(() => {
      this.#inspection = undefined
    })
  }

  async #ask(): Promise<void> {
    const { inspect, listener } = this.#parts
    const end = await inspect(this.#life)
    if (end && !this.#life.aborted) listener.ended(end)
  }
}
