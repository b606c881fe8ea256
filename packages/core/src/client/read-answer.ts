import {
  IvhApiError,
  type IvhErrorContext,
  IvhResponseShapeError,
  IvhTransportError,
} from '../errors'
import type * as Protocol from '../protocol/schemas'
import { retryAfterMs } from '../transport/retry-after'
import type { TransportResponse } from '../transport/transport'
import type { Described } from './exchange'

const bodySnippetLength = 300

/** Makes a result of an answer, or throws. */
export type ReadAnswer<Result> = (answer: TransportResponse, call: Described) => Result

/**
 * Makes a reader of the envelope of answers. `now` is the local time, for a `Retry-After` that is a date.
 *
 * The reader throws IvhApiError for a code other than 0, IvhTransportError, IvhResponseShapeError.
 */
export function createEnvelopeReader(
  { createChecker, responseEnvelopeSchema, explainIssues }: typeof Protocol,
  now: () => number,
): ReadAnswer<Protocol.ResponseEnvelope> {
  const check = createChecker(responseEnvelopeSchema)
  const received = (answer: TransportResponse, call: Described) => ({
    ...call.describe(),
    retryAfterMs: retryAfterMs(answer, now()),
  })
  return (answer, call) => {
    let body: unknown
    try {
      body = JSON.parse(answer.body)
    } catch (cause) {
      if (!isSuccess(answer)) throw badStatus(answer, received(answer, call))
      throw notJson(answer, received(answer, call), cause)
    }
    const envelope = check(body)
    if (!envelope.success) {
      if (!isSuccess(answer)) throw badStatus(answer, received(answer, call))
      throw new IvhResponseShapeError(
        explainIssues(envelope.error, 'Response'),
        body,
        call.describe(),
      )
    }
    const { Header } = envelope.data
    if (Header.Code === 0 && isSuccess(answer)) return envelope.data
    const answered = { ...received(answer, call), requestId: Header.RequestID ?? undefined }
    if (Header.Code !== 0) {
      throw new IvhApiError(Header.Code, Header.Message ?? '', {
        ...answered,
        status: answer.status,
        payload: envelope.data.Payload,
      })
    }
    throw badStatus(answer, answered)
  }
}

/**
 * Makes a reader of answers whose payload is checked as well.
 *
 * The reader throws like that of {@link createEnvelopeReader}.
 */
export function createPayloadReader(
  { createChecker, explainIssues }: typeof Protocol,
  readEnvelope: ReadAnswer<Protocol.ResponseEnvelope>,
  schema: Parameters<typeof Protocol.createChecker>[0],
): ReadAnswer<unknown> {
  const check = createChecker(schema)
  return (answer, call) => {
    const envelope = readEnvelope(answer, call)
    const result = check(envelope.Payload ?? {})
    const requestId = envelope.Header.RequestID ?? undefined
    if (result.success) {
      call.accepted?.(requestId)
      return result.data
    }
    throw new IvhResponseShapeError(explainIssues(result.error), envelope, {
      ...call.describe(),
      requestId,
    })
  }
}

function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

function notJson(
  answer: TransportResponse,
  context: IvhErrorContext,
  cause: unknown,
): IvhTransportError {
  return new IvhTransportError(`The answer is not JSON: ${snippet(answer)}`, {
    ...context,
    status: answer.status,
    hint: 'Check that baseUrl leads to an IVH gateway and not to a proxy page.',
    cause,
  })
}

function badStatus(answer: TransportResponse, context: IvhErrorContext): IvhTransportError {
  return new IvhTransportError(`HTTP status ${answer.status}: ${snippet(answer)}`, {
    ...context,
    status: answer.status,
    hint: 'Check baseUrl and what stands between this machine and the gateway.',
  })
}

function snippet(answer: TransportResponse): string {
  return answer.body.slice(0, bodySnippetLength) || '(empty body)'
}
