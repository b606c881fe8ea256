import { reasonOf, redactText } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import type { TransportResponse } from '../transport/transport'

/** What came with the result of a call. */
export interface ResponseInfo {
  /** The HTTP status, 200 to 299. */
  readonly status: number
  /** The service's own trace id (`Header.RequestID`). */
  readonly requestId: string | undefined
  /** By lower-case name; empty when the transport gives none. */
  readonly headers: NonNullable<TransportResponse['headers']>
  /** Which attempt brought it, from 1. */
  readonly attempt: number
}

/** Tells a caller who wants to know; what that throws is logged. */
export function reportResponse(
  onResponse: (answer: ResponseInfo) => void,
  answer: TransportResponse,
  attempt: number,
  logger: Logger,
): void {
  const { status, headers = {} } = answer
  try {
    onResponse({ status, headers, requestId: requestIdOf(answer), attempt })
  } catch (cause) {
    logger.error(`onResponse threw: ${reasonOf(cause)}. The call goes on.`)
  }
}

/** The `Header.RequestID` of an answer that was good. */
export function requestIdOf({ body }: TransportResponse): string | undefined {
  const answer: unknown = JSON.parse(body)
  const requestId = memberOf(memberOf(answer, 'Header'), 'RequestID')
  return typeof requestId === 'string' && requestId !== '' ? redactText(requestId) : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
