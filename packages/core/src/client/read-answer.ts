import {
  IvhApiError,
  type IvhErrorContext,
  IvhResponseShapeError,
  IvhTransportError,
} from '../errors'
import type * as Protocol from '../protocol'
import { retryAfterMs } from '../transport/retry-after'
import type { TransportResponse } from '../transport/transport'

const bodySnippetLength = 300

type Answered = IvhErrorContext & { readonly retryAfterMs: number | undefined }

/** What a successful answer holds, its payload not yet checked. */
export interface Envelope {
  readonly payload: unknown
  readonly whole: Protocol.ResponseEnvelope
  readonly context: IvhErrorContext
}

/**
 * Reads the envelope of an answer. `now` is the local time, for a `Retry-After` that is a date.
 *
 * @throws IvhApiError for a code other than 0, IvhTransportError, IvhResponseShapeError.
 */
export function readEnvelope(
  { responseEnvelopeSchema, explainIssues }: typeof Protocol,
  answer: TransportResponse,
  context: IvhErrorContext,
  now: number,
): Envelope {
  const received = { ...context, retryAfterMs: retryAfterMs(answer, now) }
  const body = readJson(answer, received)
  const envelope = responseEnvelopeSchema.safeParse(body)
  if (!envelope.success) {
    if (!isSuccess(answer)) throw badStatus(answer, received)
    throw new IvhResponseShapeError(explainIssues(envelope.error, 'Response'), body, context)
  }
  const { Header, Payload } = envelope.data
  const answered = { ...received, requestId: Header.RequestID ?? undefined }
  if (Header.Code !== 0) throw new IvhApiError(Header.Code, Header.Message ?? '', answered)
  if (!isSuccess(answer)) throw badStatus(answer, answered)
  return { payload: Payload, whole: envelope.data, context: answered }
}

/** The schema of an endpoint's answer, as far as reading needs it. */
interface ResponseSchema {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: unknown }
    | { success: false; error: Parameters<typeof Protocol.explainIssues>[0] }
}

/**
 * Reads an answer and checks its payload.
 *
 * @throws like {@link readEnvelope}.
 */
export function readPayload(
  protocol: typeof Protocol,
  schema: ResponseSchema,
  ...[answer, context, now]: [TransportResponse, IvhErrorContext, number]
): unknown {
  const envelope = readEnvelope(protocol, answer, context, now)
  const result = schema.safeParse(envelope.payload ?? {})
  if (result.success) return result.data
  throw new IvhResponseShapeError(
    protocol.explainIssues(result.error),
    envelope.whole,
    envelope.context,
  )
}

function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

function readJson(answer: TransportResponse, context: Answered): unknown {
  try {
    return JSON.parse(answer.body)
  } catch (cause) {
    if (!isSuccess(answer)) throw badStatus(answer, context)
    throw new IvhTransportError(`The answer is not JSON: ${snippet(answer)}`, {
      ...context,
      status: answer.status,
      next: 'Check that baseUrl leads to an IVH gateway and not to a proxy page.',
      cause,
    })
  }
}

function badStatus(answer: TransportResponse, context: Answered): IvhTransportError {
  return new IvhTransportError(`HTTP status ${answer.status}: ${snippet(answer)}`, {
    ...context,
    status: answer.status,
    next: 'Check baseUrl and what stands between this machine and the gateway.',
  })
}

function snippet(answer: TransportResponse): string {
  return answer.body.slice(0, bodySnippetLength) || '(empty body)'
}
