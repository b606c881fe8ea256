import { onAbort } from '../../async/on-abort'
import { type IvhApiError, isApiError } from '../../errors'
import { abandonedError } from '../../errors/abandonment'
import type { ResolvedOptions } from '../../options/resolve-options'

export interface QuotaWait {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called when the wait begins. */
  readonly onWait: () => void
}

interface Ticket {
  wake: () => void
}

const firstDelayMs = 1_000
const longestDelayMs = 10_000

/**
 * A first-in-first-out queue for creates while the account's concurrency is used up. Only the first entry
 * tries: when this client has closed a session, otherwise after a pause that doubles from 1 s to 10 s, and
 * once more when its timeout is reached.
 */
export class QuotaQueue {
  readonly #options: ResolvedOptions
  readonly #tickets: Ticket[] = []
  #tryAt = 0
  #delayMs = firstDelayMs
  /** Time of the earliest attempt that `Retry-After` allows. */
  #notBefore = 0
  #refusal: { readonly error: IvhApiError; readonly at: number } | undefined

  constructor(options: ResolvedOptions) {
    this.#options = options
  }

  /**
   * Repeats `attempt` until concurrency is free, and resolves with its result.
   *
   * @throws the refusal when the timeout is reached; IvhAbortError; any other error of `attempt`.
   */
  async admit<Value>(attempt: () => Promise<Value>, wait: QuotaWait): Promise<Value> {
    const { steady: clock } = this.#options
    const deadline = clock.now() + wait.timeoutMs
    if (this.#tickets.length === 0) {
      try {
        return await attempt()
      } catch (error) {
        this.#notice(error)
        // Only the first of several creates that are refused together schedules the next attempt.
        if (this.#tickets.length === 0) {
          this.#delayMs = firstDelayMs
          this.#backOff()
        }
      }
    }
    const ticket: Ticket = { wake: () => {} }
    this.#tickets.push(ticket)
    wait.onWait()
    try {
      for (;;) {
        if (wait.signal.aborted) throw abandonedError(wait.signal)
        const now = clock.now()
        const isFirst = this.#tickets[0] === ticket
        const refusal = this.#refusal
        const isOver = now >= deadline
        const mayTryLast = isFirst && now >= this.#notBefore && (refusal?.at ?? 0) < deadline
        if (isOver && refusal && !mayTryLast) throw refusal.error
        if (isFirst && (isOver || now >= this.#tryAt)) {
          try {
            const value = await attempt()
            this.released()
            return value
          } catch (error) {
            this.#notice(error)
            // Keep the pause after a last attempt, because the next create uses it.
            if (!isOver) this.#backOff()
          }
        } else {
          const until = isFirst ? Math.min(this.#tryAt, deadline) : deadline
          await this.#sleep(ticket, until - now, wait.signal)
        }
      }
    } finally {
      this.#tickets.splice(this.#tickets.indexOf(ticket), 1)
      this.#tickets[0]?.wake()
    }
  }

  /** Makes the first entry try at once, because concurrency may be free. */
  released(): void {
    this.#tryAt = 0
    this.#notBefore = 0
    this.#delayMs = firstDelayMs
    this.#tickets[0]?.wake()
  }

  /** Records a refusal. @throws any other error. */
  #notice(error: unknown): void {
    if (!isExhausted(error)) throw error
    const now = this.#options.steady.now()
    this.#refusal = { error, at: now }
    this.#notBefore = now + (error.retryAfterMs ?? 0)
  }

  #backOff(): void {
    const spread = (1 + this.#options.random()) / 2
    const pausedUntil = this.#options.steady.now() + this.#delayMs * spread
    this.#tryAt = Math.max(pausedUntil, this.#notBefore)
    this.#delayMs = Math.min(2 * this.#delayMs, longestDelayMs)
  }

  #sleep(ticket: Ticket, delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      ticket.wake = () => {
        cancel()
        forget()
        resolve()
      }
      const cancel = this.#options.steady.after(delayMs, () => ticket.wake())
      const forget = onAbort(signal, () => ticket.wake())
    })
  }
}

/** True for 100008. An account without any quota (100014) gains nothing by waiting. */
export function isExhausted(error: unknown): error is IvhApiError {
  return isApiError(error, 'concurrency') && error.retry === 'after-release'
}
