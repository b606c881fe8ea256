import { redactText } from '@ivh-kit/kernel'
import type { TransportResponse } from './transport'

/** The service's trace id (`Header.RequestID`) of a successful response. */
export function requestIdOf({ body }: TransportResponse): string | undefined {
  const requestId = memberOf(memberOf(JSON.parse(body), 'Header'), 'RequestID')
  return typeof requestId === 'string' && requestId !== '' ? redactText(requestId) : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
