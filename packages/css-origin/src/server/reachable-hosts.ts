import { isIPv4 } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** Hosts under which an origin is reachable. */
export interface ReachableHosts {
  /** Host in the addresses of the origin. */
  readonly publicHost: string
  /** IPv4 addresses in answers to WebRTC viewers. */
  readonly iceHosts: readonly string[]
}

const loopback = '127.0.0.1'
const everywhere: readonly string[] = ['0.0.0.0', '::', '']

/** Returns the addresses at which viewers reach an origin that listens on `host`. */
export function reachableHosts(host: string, interfaces = networkInterfaces()): ReachableHosts {
  if (everywhere.includes(host)) {
    const [first = loopback, ...others] = addressesOf(interfaces)
    return { publicHost: first, iceHosts: [...new Set([loopback, first, ...others])] }
  }
  const own = isIPv4(host) && !host.startsWith('127.')
  return { publicHost: host, iceHosts: [own ? host : loopback] }
}

function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}
