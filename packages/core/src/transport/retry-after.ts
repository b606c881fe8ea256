import { httpDate } from './http-date'
import { headerOf, type TransportResponse } from './transport'

/**
 * How long the `Retry-After` of an answer asks to wait, in milliseconds: whole seconds, or a date (RFC
 * 9110 §10.2.3). A date is read against the answer's own `Date`, so that a wrong local clock does no harm.
 */
export function retryAfterMs(answer: TransportResponse, now: number): number | undefined {
  const value = headerOf(answer, 'retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const until = httpDate(value)
  if (until === undefined) return undefined
  return Math.max(0, until - (httpDate(headerOf(answer, 'date')) ?? now))
}
