import { httpDate } from './http-date'
import { headerOf, type TransportResponse } from './transport'

/**
 * Returns the pause that `Retry-After` asks for, in milliseconds. The header holds whole seconds or a date
 * (RFC 9110 §10.2.3). A date is compared with the response's own `Date`, so that a wrong local clock has no
 * effect.
 */
export function retryAfterMs(response: TransportResponse, now: number): number | undefined {
  const value = headerOf(response, 'retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const until = httpDate(value)
  if (until === undefined) return undefined
  return Math.max(0, until - (httpDate(headerOf(response, 'date')) ?? now))
}
