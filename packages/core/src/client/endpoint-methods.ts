import type { Caller, CallPayload, CallResult } from '../calls/call'
import type { CallOptions } from '../contracts/call-options'
import { clientClosed } from '../errors/abandonment'
import { checkCallNames } from '../options/option-names'
import { type EndpointName, endpoints } from '../protocol/plain'

/** The payload is optional when the endpoint requires no field. */
type CallArguments<Name extends EndpointName> =
  Record<never, never> extends CallPayload<Name>
    ? [payload?: CallPayload<Name>, options?: CallOptions]
    : [payload: CallPayload<Name>, options?: CallOptions]

/** One method for each endpoint, derived from {@link endpoints}. */
export type EndpointMethods = {
  readonly [Name in keyof typeof endpoints]: (
    ...args: CallArguments<Name>
  ) => Promise<CallResult<Name>>
}

/** The names of all endpoint methods. */
export const endpointNames = Object.keys(endpoints) as readonly EndpointName[]

/** Creates the endpoint methods. Those that open a session are refused while `isClosed` returns true. */
export function createEndpointMethods(call: Caller, isClosed: () => boolean): EndpointMethods {
  const methods: Partial<Record<EndpointName, unknown>> = {}
  for (const name of endpointNames) {
    const { opensSession } = endpoints[name]
    // Untyped callers may leave the payload out. The schema then names the missing fields.
    methods[name] = async (payload = {} as CallPayload<typeof name>, options?: CallOptions) => {
      checkCallNames(options)
      if (opensSession && isClosed()) throw clientClosed()
      return call(name, payload, options)
    }
  }
  // Each method calls the endpoint of its own name, so it has the type that EndpointMethods gives it.
  return methods as EndpointMethods
}
