import { IvhValidationError } from '../errors'
import type * as Protocol from '../protocol'
import type { EndpointName } from '../protocol'
import type { Attempts } from './attempts'
import type { AttemptOptions, CallOptions, PathCallOptions } from './call-options'
import type { ResolvedOptions } from './options'
import { readEnvelope, readPayload } from './read-answer'
import { createSharedTrtcWarning } from './shared-trtc-warning'

export type { CallOptions, PathCallOptions } from './call-options'

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

export type Caller = <Name extends EndpointName>(
  name: Name,
  payload: CallPayload<Name>,
  options?: CallOptions & AttemptOptions,
) => Promise<CallResult<Name>>

/**
 * One call from payload to payload: checked, signed, sent, read. Schemas are loaded and built with the
 * first use of an endpoint.
 */
export function createCaller(options: ResolvedOptions, attempts: Attempts): Caller {
  const now = () => options.clock.now()
  const warnOfSharedTrtcApp = createSharedTrtcWarning(options.logger)
  const requestSchemas = new Map<EndpointName, ReturnType<Endpoints[EndpointName]['request']>>()
  let loaded: typeof Protocol | undefined

  return async (name, payload, callOptions = {}) => {
    // An import costs microseconds each time, also of what is loaded.
    loaded ??= await import('../protocol')
    const protocol = loaded
    const { path, request, response, repeatable } = protocol.endpoints[name]
    // A caller without types may leave the payload out; the schema then says which fields are missing.
    const numbered = { ...payload, ReqId: payload?.ReqId ?? options.createId() }
    const context = { reqId: numbered.ReqId, path, sessionId: sessionIdOf(numbered) }

    let schema = requestSchemas.get(name)
    if (!schema) {
      schema = request({ environment: options.environment, now })
      requestSchemas.set(name, schema)
    }
    const checked = schema.safeParse(numbered)
    if (!checked.success) {
      const issues = protocol.explainIssues(checked.error, 'Payload', schema)
      throw new IvhValidationError(issues, context)
    }
    if ('Protocol' in checked.data) warnOfSharedTrtcApp(checked.data)

    return attempts({
      payload: checked.data,
      context,
      repeatable,
      options: callOptions,
      read: (answer, sent) =>
        readPayload(protocol, response, answer, sent, now) as CallResult<typeof name>,
    })
  }
}

export type PathCaller = (
  path: string,
  payload?: object,
  options?: PathCallOptions,
) => Promise<unknown>

/** Like {@link createCaller} for an endpoint that this version does not know: nothing is checked. */
export function createPathCaller(options: ResolvedOptions, attempts: Attempts): PathCaller {
  return async (path, payload = {}, callOptions = {}) => {
    const given =
      'ReqId' in payload && typeof payload.ReqId === 'string' ? payload.ReqId : undefined
    const ReqId = given ?? options.createId()
    const context = { reqId: ReqId, path, sessionId: sessionIdOf(payload) }
    if (!/^\/v2(?:\/[\w-]+)+$/.test(path)) {
      const message = 'must begin with /v2/ and hold neither a query nor dots'
      throw new IvhValidationError([{ path: 'path', message }], { reqId: ReqId })
    }
    const protocol = await import('../protocol')
    return attempts({
      payload: { ...payload, ReqId },
      context,
      repeatable: callOptions.repeatable ?? false,
      options: callOptions,
      read: (answer, sent) => readEnvelope(protocol, answer, sent, options.clock.now).payload,
    })
  }
}

function sessionIdOf(payload: object): string | undefined {
  return 'SessionId' in payload && typeof payload.SessionId === 'string'
    ? payload.SessionId
    : undefined
}
