import type { PlayerErrorReason } from '../player-error'
import type { PageEnvironment } from './page-environment'
import { decideReconnect } from './reconnect-policy'

/** A reconnect attempt that will start later. */
export interface ScheduledRetry {
  /** Number of the attempt, from 1. */
  attempt: number
  /** Milliseconds until the attempt starts. */
  delay: number
  /** The reason why the last connection ended. */
  reason: PlayerErrorReason
}

export interface RetryScheduleOptions {
  readonly environment: Pick<PageEnvironment, 'clock' | 'random' | 'online'>
  /** True for a source on this machine, which needs no network. */
  readonly isLocal: () => boolean
  readonly retry: () => void
  /** Called when a due retry starts to wait for the network. */
  readonly offline: () => void
}

/** Counts the reconnect attempts in a row and starts each one when it is due and the device online. */
export class RetrySchedule {
  readonly #options: RetryScheduleOptions
  #attempt = 0
  #lastReason: PlayerErrorReason = 'network'
  #cancelTimer: (() => void) | null = null
  #awaitingNetwork = false

  constructor(options: RetryScheduleOptions) {
    this.#options = options
  }

  /** Attempts made or scheduled since the last {@link resetAttempts}. */
  get attempt(): number {
    return this.#attempt
  }

  /** The reason given to the last {@link schedule}. */
  get lastReason(): PlayerErrorReason {
    return this.#lastReason
  }

  /** True while a due retry waits for the device to be online. */
  get awaitingNetwork(): boolean {
    return this.#awaitingNetwork
  }

  /**
   * Schedules the next attempt.
   *
   * @param policy `limit`: maximum number of attempts in a row. `freshAddress`: true when the
   *   attempt uses a new address. `minDelay`: milliseconds to wait at least.
   * @returns the scheduled attempt, or `null` when no attempt is left.
   */
  schedule(
    reason: PlayerErrorReason,
    policy: { limit: number; freshAddress: boolean; minDelay: number },
  ): ScheduledRetry | null {
    const { clock, random } = this.#options.environment
    this.#lastReason = reason
    const decision = decideReconnect({
      reason,
      attempt: this.#attempt,
      limit: policy.limit,
      freshAddress: policy.freshAddress,
      random: random(),
    })
    if (!decision.retry) return null
    this.#attempt += 1
    const delay = Math.max(decision.delay, policy.minDelay)
    this.#cancelTimer = clock.after(delay, () => this.#due())
    return { attempt: this.#attempt, delay, reason }
  }

  /** Starts a scheduled or waiting retry at once, because the network has returned. */
  networkReturned(): void {
    if (this.#cancelTimer || this.#awaitingNetwork) this.#due()
  }

  /** Cancels the scheduled retry and keeps the count. */
  cancel(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#awaitingNetwork = false
  }

  /** Counts from zero again. */
  resetAttempts(): void {
    this.#attempt = 0
  }

  #due(): void {
    const { environment, isLocal, retry, offline } = this.#options
    this.cancel()
    this.#awaitingNetwork = !environment.online() && !isLocal()
    if (this.#awaitingNetwork) offline()
    else retry()
  }
}
