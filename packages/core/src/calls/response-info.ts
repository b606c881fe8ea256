import { reasonOf } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import { requestIdOf } from '../transport/request-id'
import type { TransportResponse } from '../transport/transport'

/** Facts about a successful response. */
export interface ResponseInfo {
  /** The HTTP status, 200 to 299. */
  readonly status: number
  /** The service's trace id (`Header.RequestID`). */
  readonly requestId: string | undefined
  /** By lower-case name; empty when the transport returns none. */
  readonly headers: NonNullable<TransportResponse['headers']>
  /** The number of the successful attempt, from 1. */
  readonly attempt: number
}

/** Calls `onResponse` with the facts of a response. What it throws is logged. */
export function reportResponse(
  onResponse: (info: ResponseInfo) => void,
  response: TransportResponse,
  attempt: number,
  logger: Logger,
): void {
  const { status, headers = {} } = response
  try {
    onResponse({ status, headers, requestId: requestIdOf(response), attempt })
  } catch (cause) {
    logger.error(`onResponse threw: ${reasonOf(cause)}. The call continues.`)
  }
}
