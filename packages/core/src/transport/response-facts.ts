import { redactText } from '@ivh-kit/kernel'
import type { TransportResponse } from './transport'

/** One header of a response; undefined when it is absent or repeated. */
function headerOf(response: TransportResponse, name: string): string | undefined {
  const value = response.headers?.[name]
  return typeof value === 'string' ? value : undefined
}

export function dateOf(response: TransportResponse): number | undefined {
  return httpDate(headerOf(response, 'date'))
}

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
  return until === undefined ? undefined : Math.max(0, until - (dateOf(response) ?? now))
}

/** The service's trace id (`Header.RequestID`) of a successful response. */
export function requestIdOf({ body }: TransportResponse): string | undefined {
  const requestId = memberOf(memberOf(JSON.parse(body), 'Header'), 'RequestID')
  return typeof requestId === 'string' && requestId !== '' ? redactText(requestId) : undefined
}

/** Parses an HTTP date to milliseconds since the epoch; undefined for any other text. */
export function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2}, .* GMT$/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

/** Reads a member of parsed JSON; undefined when the value is not an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
