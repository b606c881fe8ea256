import { type EndpointName, endpoints } from '@ivh-kit/core/protocol'

/** A call that the gateway answers: an endpoint of the client, or one that only the vendor's pages call. */
export type EmulatedEndpoint = EndpointName | 'describeActionConfigCommandDetail'

const pathsOfClient = Object.fromEntries(
  (Object.keys(endpoints) as EndpointName[]).map((name) => [name, endpoints[name].path]),
) as Record<EndpointName, string>

/** The path of every call. */
export const endpointPaths: Readonly<Record<EmulatedEndpoint, string>> = {
  ...pathsOfClient,
  /** Undocumented: the vendor's demo page asks it for the cards of an answer. */
  describeActionConfigCommandDetail:
    '/v2/ivh/virtualmanconfig/virtualmanconfigopen/describeactionconfigcommanddetail',
}

export const endpointNames = Object.keys(endpointPaths) as EmulatedEndpoint[]
