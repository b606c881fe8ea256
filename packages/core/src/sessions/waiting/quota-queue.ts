import { onAbort } from '../../async/on-abort'
import type { ResolvedOptions } from '../../client/options'
import { type IvhApiError, isApiError } from '../../errors'
import { abandonedError } from '../abandonment'

export interface QuotaWait {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called when the waiting begins. */
  readonly onWait: () => void
}

interface Ticket {
  wake: () => void
}

const firstDelayMs = 1_000
const longestDelayMs = 10_000

/**
 * Lets creates wait, first come first served, while the account's concurrency is used up. Only the first
 * in the queue tries: when this client has closed a session, else after 1 s, doubling up to 10 s, and a
 * last time when its own time is over.
 */
export class QuotaQueue {
  readonly #options: ResolvedOptions
  readonly #tickets: Ticket[] = []
  #tryAt = 0
  #delayMs = firstDelayMs
  /** Until then the service has asked not to be tried. */
  #notBefore = 0
  #refusal: { readonly error: IvhApiError; readonly at: number } | undefined

  constructor(options: ResolvedOptions) {
    this.#options = options
  }

  /**
   * Resolves with what `attempt` brings, once it is no longer refused for want of concurrency.
   *
   * @throws the refusal when the time is over; IvhAbortError; whatever else `attempt` throws.
   */
  async admit<Value>(attempt: () => Promise<Value>, wait: QuotaWait): Promise<Value> {
    const { steady: clock } = this.#options
    const deadline = clock.now() + wait.timeoutMs
    if (this.#tickets.length === 0) {
      try {
        return await attempt()
      } catch (error) {
        this.#notice(error)
        // Of those that were refused together the first decides when the queue tries.
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
            // Who tries a last time is not the one whose tries the next goes by.
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

  /** Concurrency may be free: the first in the queue tries at once. */
  released(): void {
    this.#tryAt = 0
    this.#notBefore = 0
    this.#delayMs = firstDelayMs
    this.#tickets[0]?.wake()
  }

  /** @throws what is no refusal that a closed session would lift. */
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

/** 100008, and not 100014: an account without any quota gets none by waiting. */
export function isExhausted(error: unknown): error is IvhApiError {
  return isApiError(error, 'concurrency') && error.retry === 'after-release'
}
