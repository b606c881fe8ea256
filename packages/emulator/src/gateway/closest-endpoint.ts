import { channelPath } from '../channel/channel-registry'
import { endpointPaths } from '../wire/emulated-endpoints'

const paths = [...Object.values(endpointPaths), channelPath]

/** Returns a suggestion for a wrong path: the endpoint with the same last part, or all endpoints. */
export function closestEndpoint(path: string): string {
  const last = lastOf(path).toLowerCase()
  const meant = paths.find((known) => lastOf(known) === last)
  if (meant) return `; did you mean ${meant}?`
  const names = paths.map(lastOf).join(', ')
  return `; the paths are in lower case, as ${paths[0]}, and end in ${names}`
}

function lastOf(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? ''
}
