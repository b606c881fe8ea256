import { checkDuration } from '../duration'
import {
  IvhAbortError,
  IvhApiError,
  type IvhErrorContext,
  IvhResponseShapeError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
} from '../errors'
import type * as Protocol from '../protocol'
import type { EndpointName } from '../protocol'
import { createQuerySigner } from '../signing/sign-query'
import type { Transport, TransportResponse } from '../transport/transport'
import { withDeadline } from './deadline'
import type { ResolvedOptions } from './options'
import { createSharedTrtcWarning } from './shared-trtc-warning'

/** What every call takes besides its payload. */
export interface CallOptions {
  /** Cuts the call short; it then rejects with IvhAbortError. */
  readonly signal?: AbortSignal | undefined
  /** Overrides the client's `timeoutMs` for this call. */
  readonly timeoutMs?: number | undefined
}

type Endpoints = typeof Protocol.endpoints
type Parsed<Schema> = Schema extends { _zod: { output: infer Output } } ? Output : never
type Input<Schema> = Schema extends { _zod: { input: infer Input } } ? Input : never

/** The payload a caller passes: the wire's own fields, `ReqId` made for them unless given. */
export type CallPayload<Name extends EndpointName> = Omit<
  Input<ReturnType<Endpoints[Name]['request']>>,
  'ReqId'
> & { readonly ReqId?: string }

/** The `Payload` of the answer; unknown fields are kept. */
export type CallResult<Name extends EndpointName> = Parsed<Endpoints[Name]['response']>

/** What the layers inside add to the options of a call. */
export interface AttemptOptions extends CallOptions {
  /** Which try this is, from 1; told by the error. */
  readonly attempt?: number | undefined
}

export type Caller = <Name extends EndpointName>(
  name: Name,
  payload: CallPayload<Name>,
  options?: AttemptOptions,
) => Promise<CallResult<Name>>

const bodySnippetLength = 300

/**
 * One call from payload to payload: checked, signed, sent, read. Schemas are loaded and built with the
 * first use of an endpoint.
 */
export function createCaller(options: ResolvedOptions, transport: Transport): Caller {
  const now = () => options.clock.now()
  const signer = createQuerySigner({ ...options, now })
  const warnOfSharedTrtcApp = createSharedTrtcWarning(options.logger)
  const requestSchemas = new Map<EndpointName, ReturnType<Endpoints[EndpointName]['request']>>()

  return async (name, payload, callOptions = {}) => {
    const { endpoints, explainIssues, responseEnvelopeSchema } = await import('../protocol')
    const { path, request, response } = endpoints[name]
    // A caller without types may leave the payload out; the schema then says which fields are missing.
    const numbered = { ...payload, ReqId: payload?.ReqId ?? options.createId() }
    const context: IvhErrorContext = {
      reqId: numbered.ReqId,
      path,
      sessionId: sessionIdOf(numbered),
      attempt: callOptions.attempt,
    }

    let schema = requestSchemas.get(name)
    if (!schema) {
      schema = request({ environment: options.environment, now })
      requestSchemas.set(name, schema)
    }
    const checked = schema.safeParse(numbered)
    if (!checked.success) throw new IvhValidationError(explainIssues(checked.error), context)
    if ('Protocol' in checked.data) warnOfSharedTrtcApp(checked.data)

    const answer = await exchange(
      options,
      transport,
      {
        path: `${options.basePath}${path}?${signer()}`,
        body: JSON.stringify({ Header: {}, Payload: checked.data }),
      },
      callOptions,
      context,
    )

    const envelope = responseEnvelopeSchema.safeParse(readJson(answer, context))
    if (!envelope.success) {
      if (!isSuccess(answer)) throw badStatus(answer, context)
      throw new IvhResponseShapeError(
        explainIssues(envelope.error, 'Response'),
        readJson(answer, context),
        context,
      )
    }
    const { Header, Payload } = envelope.data
    const answered = { ...context, requestId: Header.RequestID ?? undefined }
    if (Header.Code !== 0) {
      throw new IvhApiError(Header.Code, Header.Message ?? '', answered)
    }
    if (!isSuccess(answer)) throw badStatus(answer, answered)
    const result = response.safeParse(Payload ?? {})
    if (!result.success) {
      throw new IvhResponseShapeError(explainIssues(result.error), envelope.data, answered)
    }
    return result.data as CallResult<typeof name>
  }
}

async function exchange(
  options: ResolvedOptions,
  transport: Transport,
  message: { readonly path: string; readonly body: string },
  { signal, timeoutMs: given }: CallOptions,
  context: IvhErrorContext,
): Promise<TransportResponse> {
  const timeoutMs = checkDuration('timeoutMs', given ?? options.timeoutMs)
  const send = (combined: AbortSignal) =>
    transport.send({
      origin: options.origin,
      ...message,
      headers: { 'content-type': 'application/json;charset=utf-8' },
      signal: combined,
    })
  const result = await withDeadline(send, { clock: options.clock, timeoutMs, signal }).catch(
    (cause: unknown) => {
      throw new IvhTransportError(`No answer from ${options.origin}: ${reason(cause)}`, {
        ...context,
        next: 'Check the network, the proxy and baseUrl.',
        cause,
      })
    },
  )
  switch (result.interrupted) {
    case undefined:
      return result.value
    case 'timeout':
      throw new IvhTimeoutError(
        `No answer from ${options.origin} within ${timeoutMs} ms`,
        timeoutMs,
        {
          ...context,
          next: 'Check the network; the call may have taken effect all the same.',
        },
      )
    case 'aborted':
      throw new IvhAbortError('The call was aborted by its AbortSignal', {
        ...context,
        cause: signal?.reason,
      })
  }
}

function sessionIdOf(payload: { readonly SessionId?: unknown }): string | undefined {
  return typeof payload.SessionId === 'string' ? payload.SessionId : undefined
}

function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

function readJson(answer: TransportResponse, context: IvhErrorContext): unknown {
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

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message || cause.name} (${cause.code})`
    : cause.message || cause.name
}
