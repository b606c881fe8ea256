import { checkSignal, reasonOf } from '@ivh-kit/kernel'
import type { CallOptions, PathCallOptions } from '../contracts/call-options'
import { IvhValidationError } from '../errors'
import type { ResolvedOptions } from '../options/resolve-options'
import { loadSchemas } from '../protocol/load-schemas'
import { type EndpointName, endpoints } from '../protocol/plain'
import type * as Protocol from '../protocol/schemas'
import type { Attempts } from './attempts'
import type { InternalCallOptions } from './call-options'
import { cloneOptions } from './clone-options'
import { readEnvelope, readPayload } from './read-response'
import { createSharedTrtcWarning } from './shared-trtc-warning'

type Schemas = typeof Protocol.endpointSchemas

/** The payload of a call, in the wire's own field names. `ReqId` is generated unless given. */
export type CallPayload<Name extends EndpointName> = Omit<
  Protocol.InputOf<ReturnType<Schemas[Name]['request']>>,
  'ReqId'
> & { readonly ReqId?: string }

/** The `Payload` of the response. Unknown fields are kept. */
export type CallResult<Name extends EndpointName> = Protocol.OutputOf<Schemas[Name]['response']>

/** Calls an endpoint by name. */
export type Caller = <Name extends EndpointName>(
  name: Name,
  payload: CallPayload<Name>,
  options?: CallOptions & InternalCallOptions,
) => Promise<CallResult<Name>>

interface NumberedPayload {
  readonly ReqId: string
}

/** Creates the function that checks, sends and reads calls. Schemas load with the first call. */
export function createCaller(options: ResolvedOptions, attempts: Attempts): Caller {
  const now = () => options.clock.now()
  const warnOfSharedTrtcApp = createSharedTrtcWarning(options.logger)
  const requestSchemas = new Map<EndpointName, Protocol.PayloadSchema>()
  let protocol: typeof Protocol | undefined

  const requestSchemaOf = (loaded: typeof Protocol, name: EndpointName) => {
    const schema =
      requestSchemas.get(name) ??
      loaded.endpointSchemas[name].request({ environment: options.environment, now })
    requestSchemas.set(name, schema)
    return schema
  }

  const send = (
    loaded: typeof Protocol,
    name: EndpointName,
    payload: Partial<NumberedPayload> | undefined,
    callOptions: InternalCallOptions,
  ) => {
    const { path, idempotent } = endpoints[name]
    const { response } = loaded.endpointSchemas[name]
    checkSignal(callOptions.signal)
    // Untyped callers may leave the payload out. The schema then names the missing fields.
    const numbered = numberedBy(payload?.ReqId ?? options.createId(), payload)
    const sessionId = sessionIdOf(numbered)
    const schema = requestSchemaOf(loaded, name)
    const checked = schema.safeParse(numbered)
    if (!checked.success) {
      const issues = loaded.explainIssues(checked.error, 'Payload', schema)
      throw new IvhValidationError(issues, { reqId: numbered.ReqId, path, sessionId })
    }
    if ('Protocol' in checked.data) warnOfSharedTrtcApp(checked.data)
    return attempts({
      path,
      reqId: numbered.ReqId,
      sessionId,
      body: bodyOf(numberedBy(numbered.ReqId, { ...callOptions.unchecked, ...checked.data }), path),
      idempotent,
      options: callOptions,
      read: (answer, context) => readPayload(loaded, response, answer, context, now()),
    })
  }

  const call = async (
    name: EndpointName,
    payload: Partial<NumberedPayload> | undefined,
    callOptions: InternalCallOptions = {},
  ): Promise<unknown> => {
    if (protocol) return send(protocol, name, payload, callOptions)
    const given = cloneOptions(payload)
    protocol = await loadSchemas()
    return send(protocol, name, given, callOptions)
  }
  // The response schema of the endpoint checks the result, and CallResult derives from that schema.
  return call as Caller
}

/** Calls an endpoint by its path. */
export type PathCaller = (
  path: string,
  payload?: object,
  options?: PathCallOptions,
) => Promise<unknown>

/** Like {@link createCaller}, for endpoints that this version does not know. Nothing is checked. */
export function createPathCaller(options: ResolvedOptions, attempts: Attempts): PathCaller {
  return async (path, payload = {}, callOptions = {}) => {
    checkSignal(callOptions.signal)
    const given =
      'ReqId' in payload && typeof payload.ReqId === 'string' ? payload.ReqId : undefined
    const ReqId = given ?? options.createId()
    if (!/^\/v2(?:\/[\w-]+)+$/.test(path)) {
      const message = 'must begin with /v2/ and hold neither a query nor dots'
      throw new IvhValidationError([{ path: 'path', message }], { reqId: ReqId })
    }
    // Serialize before the first await: the caller may change the payload afterwards.
    const body = bodyOf(numberedBy(ReqId, payload), path)
    const protocol = await loadSchemas()
    return attempts({
      path,
      reqId: ReqId,
      sessionId: sessionIdOf(payload),
      body,
      idempotent: callOptions.idempotent ?? false,
      options: callOptions,
      read: (response, context) =>
        readEnvelope(protocol, response, context, options.clock.now()).Payload,
    })
  }
}

/** Returns a copy of the payload with this ReqId. */
function numberedBy(ReqId: string, payload: object | undefined): NumberedPayload {
  // A member after a spread costs Node 20 about 2 µs, in front of it almost nothing.
  const numbered = { ReqId, ...payload }
  numbered.ReqId = ReqId
  return numbered
}

function bodyOf(payload: NumberedPayload, path: string): string {
  try {
    return `{"Header":{},"Payload":${JSON.stringify(payload)}}`
  } catch (cause) {
    // `JSON.stringify` throws for a cycle, for a bigint and when a `toJSON` throws.
    const message = `cannot be written as JSON: ${reasonOf(cause)}`
    throw new IvhValidationError([{ path: 'Payload', message }], {
      reqId: payload.ReqId,
      path,
      sessionId: sessionIdOf(payload),
      cause,
    })
  }
}

function sessionIdOf(payload: object): string | undefined {
  return 'SessionId' in payload && typeof payload.SessionId === 'string'
    ? payload.SessionId
    : undefined
}
