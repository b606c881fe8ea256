import type { Clock } from '../clock'
import { IvhAbortError, type IvhErrorContext, IvhTimeoutError, IvhTransportError } from '../errors'
import { wasNotSent } from '../transport/not-sent'
import type { Transport, TransportResponse } from '../transport/transport'
import { withDeadline } from './deadline'

const headers = { 'content-type': 'application/json;charset=utf-8' }

/**
 * Sends one request and waits for its answer, whatever its status.
 *
 * @throws IvhTransportError, IvhTimeoutError, IvhAbortError.
 */
export async function exchange(
  transport: Transport,
  message: { readonly origin: string; readonly path: string; readonly body: string },
  limits: {
    readonly clock: Clock
    readonly timeoutMs: number
    readonly signal: AbortSignal | undefined
  },
  context: IvhErrorContext,
): Promise<TransportResponse> {
  const { origin } = message
  const { timeoutMs, signal } = limits
  const send = (combined: AbortSignal) => transport.send({ ...message, headers, signal: combined })
  const result = await withDeadline(send, limits).catch((cause: unknown) => {
    throw new IvhTransportError(`No answer from ${origin}: ${reason(cause)}`, {
      ...context,
      notSent: wasNotSent(cause),
      next: 'Check the network, the proxy and baseUrl.',
      cause,
    })
  })
  switch (result.interrupted) {
    case undefined:
      return result.value
    case 'timeout':
      throw new IvhTimeoutError(`No answer from ${origin} within ${timeoutMs} ms`, timeoutMs, {
        ...context,
        next: 'Check the network; the call may have taken effect all the same.',
      })
    case 'aborted':
      throw new IvhAbortError('The call was aborted by its AbortSignal', {
        ...context,
        cause: signal?.reason,
      })
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message || cause.name} (${cause.code})`
    : cause.message || cause.name
}
