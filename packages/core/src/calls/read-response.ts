import {
  IvhApiError,
  type IvhErrorContext,
  IvhResponseShapeError,
  IvhTransportError,
} from '../errors'
import type * as Protocol from '../protocol/schemas'
import { retryAfterMs } from '../transport/response-facts'
import type { TransportResponse } from '../transport/transport'

const shownBodyLength = 300

/**
 * Reads the envelope of a response. `now` is the local time, for a `Retry-After` date.
 *
 * @throws IvhApiError for a code other than 0, IvhTransportError for a bad status or a body that is not
 * JSON, IvhResponseShapeError for an unexpected envelope.
 */
export function readEnvelope(
  { responseEnvelopeSchema, explainIssues }: typeof Protocol,
  response: TransportResponse,
  context: IvhErrorContext,
  now: number,
): Protocol.ResponseEnvelope {
  const { status } = response
  const isSuccess = status >= 200 && status < 300
  const facts = { ...context, status, retryAfterMs: retryAfterMs(response, now) }
  const shown = response.body.slice(0, shownBodyLength) || '(empty body)'
  const badStatus = (requestId?: string) =>
    new IvhTransportError(`HTTP status ${status}: ${shown}`, {
      ...facts,
      requestId,
      hint: 'Check baseUrl and any proxy between this machine and the gateway.',
    })
  let body: unknown
  try {
    body = JSON.parse(response.body)
  } catch (cause) {
    if (!isSuccess) throw badStatus()
    throw new IvhTransportError(`The response is not JSON: ${shown}`, {
      ...facts,
      hint: 'Check that baseUrl leads to an IVH gateway and not to a proxy page.',
      cause,
    })
  }
  const envelope = responseEnvelopeSchema.safeParse(body)
  if (!envelope.success) {
    if (!isSuccess) throw badStatus()
    throw new IvhResponseShapeError(explainIssues(envelope.error, 'Response'), body, context)
  }
  const { Header, Payload } = envelope.data
  const requestId = Header.RequestID ?? undefined
  if (Header.Code !== 0) {
    const details = { ...facts, requestId, payload: Payload }
    throw new IvhApiError(Header.Code, Header.Message ?? '', details)
  }
  if (!isSuccess) throw badStatus(requestId)
  return envelope.data
}

/**
 * Reads the payload of a response and checks it against a schema.
 *
 * @throws like {@link readEnvelope}; IvhResponseShapeError when the payload does not fit.
 */
export function readPayload(
  protocol: typeof Protocol,
  schema: Protocol.PayloadSchema,
  response: TransportResponse,
  context: IvhErrorContext,
  now: number,
): unknown {
  const envelope = readEnvelope(protocol, response, context, now)
  const result = schema.safeParse(envelope.Payload ?? {})
  if (result.success) return result.data
  throw new IvhResponseShapeError(protocol.explainIssues(result.error), envelope, {
    ...context,
    requestId: envelope.Header.RequestID ?? undefined,
  })
}
