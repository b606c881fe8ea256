import { reasonOf } from '@ivh-kit/kernel'
import type { ResponseInfo } from '../contracts/call-options'
import type { Logger } from '../logging/logger'
import { requestIdOf } from '../transport/request-id'
import type { TransportResponse } from '../transport/transport'

/** Calls `onResponse` with the facts of a response. Errors of the callback are logged. */
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
