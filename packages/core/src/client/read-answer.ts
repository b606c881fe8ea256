import {
  IvhApiError,
  type IvhErrorContext,
  IvhResponseShapeError,
  IvhTransportError,
} from '../errors'
import type * as Protocol from '../protocol'
import { retryAfterMs } from '../transport/retry-after'
import type { TransportResponse } from '../transport/transport'
import type { Described } from './exchange'

const bodySnippetLength = 300

/** What a successful answer holds, its payload not yet checked. */
export interface Envelope {
  readonly payload: unknown
  readonly whole: Protocol.ResponseEnvelope
}

/**
 * Reads the envelope of an answer. `now` is the local time, for a `Retry-After` that is a date.
 *
 * @throws IvhApiError for a code other than 0, IvhTransportError, IvhResponseShapeError.
 */
export function readEnvelope(
  { responseEnvelopeSchema, explainIssues }: typeof Protocol,
  answer: TransportResponse,
  call: Described,
  now: () => number,
): Envelope {
  const received = () => ({ ...call.describe(), retryAfterMs: retryAfterMs(answer, now()) })
  const body = readJson(answer, received)
  const envelope = responseEnvelopeSchema.safeParse(body)
  if (!envelope.success) {
    if (!isSuccess(answer)) throw badStatus(answer, received())
    throw new IvhResponseShapeError(
      explainIssues(envelope.error, 'Response'),
      body,
      call.describe(),
    )
  }
  const whole = envelope.data
  const { Header, Payload } = whole
  if (Header.Code === 0 && isSuccess(answer)) return { payload: Payload, whole }
  const answered = { ...received(), requestId: Header.RequestID ?? undefined }
  if (Header.Code !== 0) throw new IvhApiError(Header.Code, Header.Message ?? '', answered)
  throw badStatus(answer, answered)
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
  ...[answer, call, now]: [TransportResponse, Described, () => number]
): unknown {
  const { payload, whole } = readEnvelope(protocol, answer, call, now)
  const result = schema.safeParse(payload ?? {})
  if (result.success) return result.data
  throw new IvhResponseShapeError(protocol.explainIssues(result.error), whole, {
    ...call.describe(),
    requestId: whole.Header.RequestID ?? undefined,
  })
}

function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

function readJson(answer: TransportResponse, describe: () => IvhErrorContext): unknown {
  try {
    return JSON.parse(answer.body)
  } catch (cause) {
    if (!isSuccess(answer)) throw badStatus(answer, describe())
    throw new IvhTransportError(`The answer is not JSON: ${snippet(answer)}`, {
      ...describe(),
      status: answer.status,
      next: 'Check that baseUrl leads to an IVH gateway and not to a proxy page.',
      cause,
    })
  }
}

function badStatus(answer: TransportResponse, context: IvhErrorContext): IvhTransportError {
  return new IvhTransportError(`HTTP status ${answer.status}: ${snippet(answer)}`, {
    ...context,
    status: answer.status,
    next: 'Check baseUrl and what stands between this machine and the gateway.',
  })
}

function snippet(answer: TransportResponse): string {
  return answer.body.slice(0, bodySnippetLength) || '(empty body)'
}
