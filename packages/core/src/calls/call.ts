import { checkSignal, reasonOf, rememberSecretsIn } from '@ivh-kit/kernel'
import type { CallOptions, PathCallOptions } from '../contracts/call-options'
import { IvhValidationError } from '../errors'
import { checkCallNames } from '../options/option-names'
import type { ResolvedOptions } from '../options/resolve-options'
import { loadSchemas } from '../protocol/load-schemas'
import { type EndpointName, endpoints } from '../protocol/plain'
import type * as Protocol from '../protocol/schemas'
import type { Attempts } from './attempts'
import type { InternalCallOptions } from './call-options'
import { readEnvelope, readPayload } from './read-response'

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

/** The fields of a create request that {@link createCaller} looks at. */
interface StreamRequest {
  readonly Protocol?: unknown
  readonly ProtocolOption?: { readonly TrtcUseExternalApp?: boolean | undefined } | undefined
}

/** Creates the function that checks, sends and reads calls. Schemas load with the first call. */
export function createCaller(options: ResolvedOptions, attempts: Attempts): Caller {
  const now = () => options.clock.now()
  const requestSchemas = new Map<EndpointName, Protocol.PayloadSchema>()
  let protocol: typeof Protocol | undefined
  let warnedOfSharedTrtcApp = false

  /** Warns once per client when a create request uses the platform's shared TRTC app (1211/62103). */
  const warnOfSharedTrtcApp = (request: StreamRequest) => {
    if (warnedOfSharedTrtcApp || request.Protocol !== 'trtc') return
    if (request.ProtocolOption?.TrtcUseExternalApp) return
    warnedOfSharedTrtcApp = true
    options.logger.warn(
      'Protocol "trtc" without TrtcUseExternalApp uses the shared TRTC app of the platform, which is for debugging only. Give your own app in ProtocolOption before production.',
    )
  }

  const call = async (
    name: EndpointName,
    payload: Partial<NumberedPayload> | undefined,
    callOptions: InternalCallOptions = {},
  ): Promise<unknown> => {
    let given = payload
    if (!protocol) {
      given = cloneOptions(payload)
      protocol = await loadSchemas()
    }
    const loaded = protocol
    const { path, idempotent } = endpoints[name]
    const { request, response } = loaded.endpointSchemas[name]
    checkSignal(callOptions.signal)
    // Untyped callers may leave the payload out. The schema then names the missing fields.
    const numbered = numberedBy(given?.ReqId ?? options.createId(), given)
    const { ReqId: reqId } = numbered
    const sessionId = sessionIdOf(numbered)
    const { environment } = options
    const schema = requestSchemas.get(name) ?? request({ environment, now })
    requestSchemas.set(name, schema)
    const checked = schema.safeParse(numbered)
    if (!checked.success) {
      const issues = loaded.explainIssues(checked.error, 'Payload', schema)
      throw new IvhValidationError(issues, { reqId, path, sessionId })
    }
    if ('Protocol' in checked.data) {
      warnOfSharedTrtcApp(checked.data)
      rememberSecretsIn(checked.data)
    }
    return attempts({
      ...{ path, reqId, sessionId, idempotent },
      body: bodyOf(numberedBy(reqId, { ...callOptions.unchecked, ...checked.data }), path),
      options: callOptions,
      read: (answer, context) => {
        const result = readPayload(loaded, response, answer, context, now())
        if (name === 'getTrtcSign') rememberSecretsIn(result)
        return result
      },
    })
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
    checkCallNames(callOptions)
    checkSignal(callOptions.signal)
    const given = 'ReqId' in payload ? payload.ReqId : undefined
    const ReqId = typeof given === 'string' ? given : options.createId()
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

/** Copies plain data, so that later changes by the caller have no effect. */
export function cloneOptions<Data>(data: Data): Data {
  try {
    return structuredClone(data)
  } catch {
    // `data` holds a value that cannot be cloned, for example a function. The schema reports it.
    return data
  }
}

function sessionIdOf(payload: object): string | undefined {
  return 'SessionId' in payload && typeof payload.SessionId === 'string'
    ? payload.SessionId
    : undefined
}
