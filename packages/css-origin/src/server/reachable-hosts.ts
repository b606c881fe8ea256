import { isIPv4 } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** Hosts under which an origin is reachable. */
export interface ReachableHosts {
  /** Host in the addresses of the origin. */
  readonly publicHost: string
  /** IPv4 addresses in answers to WebRTC viewers. */
  readonly iceHosts: readonly string[]
}

const LOOPBACK = '127.0.0.1'
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::', '']

/** Returns the addresses at which viewers reach an origin that listens on `host`. */
export function reachableHosts(host: string, interfaces = networkInterfaces()): ReachableHosts {
  if (EVERYWHERE.includes(host)) {
    const [first = LOOPBACK, ...others] = addressesOf(interfaces)
    return { publicHost: first, iceHosts: [...new Set([LOOPBACK, first, ...others])] }
  }
  const own = isIPv4(host) && !host.startsWith('127.')
  return { publicHost: host, iceHosts: [own ? host : LOOPBACK] }
}

function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}
