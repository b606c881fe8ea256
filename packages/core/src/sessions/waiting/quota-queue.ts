import { onAbort } from '../../async/on-abort'
import { type IvhApiError, isApiError } from '../../errors'
import { abandonedError } from '../../errors/abandonment'
import type { ResolvedOptions } from '../../options/resolve-options'

interface QuotaWait {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onWait: () => void
}

interface Ticket {
  wake: () => void
}

const firstDelayMs = 1_000
const longestDelayMs = 10_000

export type QuotaQueue = ReturnType<typeof createQuotaQueue>

/**
 * A first-in-first-out queue for creates while the account's concurrency is used up. Only the first entry
 * tries: when this client has closed a session, otherwise after a pause that doubles from 1 s to 10 s, and
 * once more when its timeout is reached.
 */
export function createQuotaQueue({ steady: clock, random }: ResolvedOptions) {
  const tickets: Ticket[] = []
  let tryAt = 0
  let delayMs = firstDelayMs
  /** Time of the earliest attempt that `Retry-After` allows. */
  let notBefore = 0
  let refusal: { readonly error: IvhApiError; readonly at: number } | undefined

  /** Makes the first entry try at once, because concurrency may be free. */
  const released = () => {
    tryAt = 0
    notBefore = 0
    delayMs = firstDelayMs
    tickets[0]?.wake()
  }
  /** Records a refusal. @throws any other error. */
  const notice = (error: unknown) => {
    if (!isExhausted(error)) throw error
    const now = clock.now()
    refusal = { error, at: now }
    notBefore = now + (error.retryAfterMs ?? 0)
  }
  const backOff = () => {
    const spread = (1 + random()) / 2
    tryAt = Math.max(clock.now() + delayMs * spread, notBefore)
    delayMs = Math.min(2 * delayMs, longestDelayMs)
  }
  const sleep = (ticket: Ticket, ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      ticket.wake = () => {
        cancel()
        forget()
        resolve()
      }
      const cancel = clock.after(ms, () => ticket.wake())
      const forget = onAbort(signal, () => ticket.wake())
    })

  /**
   * Repeats `attempt` until concurrency is free, and resolves with its result.
   *
   * @throws the refusal when the timeout is reached; IvhAbortError; any other error of `attempt`.
   */
  const admit = async <Value>(attempt: () => Promise<Value>, wait: QuotaWait): Promise<Value> => {
    const deadline = clock.now() + wait.timeoutMs
    if (tickets.length === 0) {
      try {
        return await attempt()
      } catch (error) {
        notice(error)
        // Only the first of several creates that are refused together schedules the next attempt.
        if (tickets.length === 0) {
          delayMs = firstDelayMs
          backOff()
        }
      }
    }
    const ticket: Ticket = { wake: () => {} }
    tickets.push(ticket)
    wait.onWait()
    try {
      for (;;) {
        if (wait.signal.aborted) throw abandonedError(wait.signal)
        const now = clock.now()
        const isFirst = tickets[0] === ticket
        const isOver = now >= deadline
        const mayTryLast = isFirst && now >= notBefore && (refusal?.at ?? 0) < deadline
        if (isOver && refusal && !mayTryLast) throw refusal.error
        if (isFirst && (isOver || now >= tryAt)) {
          try {
            const value = await attempt()
            released()
            return value
          } catch (error) {
            notice(error)
            // Keep the pause after a last attempt, because the next create uses it.
            if (!isOver) backOff()
          }
        } else {
          const until = isFirst ? Math.min(tryAt, deadline) : deadline
          await sleep(ticket, until - now, wait.signal)
        }
      }
    } finally {
      tickets.splice(tickets.indexOf(ticket), 1)
      tickets[0]?.wake()
    }
  }
  return { admit, released }
}

/** True for 100008. An account without any quota (100014) gains nothing by waiting. */
export function isExhausted(error: unknown): error is IvhApiError {
  return isApiError(error, 'concurrency') && error.retry === 'after-release'
}
