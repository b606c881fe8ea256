import { IvhConfigError } from '@ivh-kit/kernel'

/** Names of this machine, which no foreign page can take. */
const loopbackName = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * True when the broker answers under this host name.
 *
 * @param host The host of the request, with or without a port.
 * @param allowed The option `allowedHosts`.
 * @param onLoopback True when the connection came from this machine.
 */
export function isAllowedHost(
  host: string,
  allowed: readonly string[] | undefined,
  onLoopback: boolean,
): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (allowed) return allowed.some((entry) => entry.toLowerCase() === name)
  return !onLoopback || loopbackName.test(name)
}

/** @throws IvhConfigError when an entry is not a host name. */
export function checkAllowedHosts(hosts: unknown): readonly string[] {
  if (!Array.isArray(hosts)) throw wrongHosts(`allowedHosts is ${String(hosts)}, not an array`)
  for (const host of hosts) {
    if (typeof host === 'string' && /^(?:[^\s:/*[\]]+|\[[0-9a-f:.]+\])$/i.test(host)) continue
    throw wrongHosts(`allowedHosts contains ${JSON.stringify(host)}, which is not a host name`)
  }
  return [...hosts]
}

function wrongHosts(message: string): IvhConfigError {
  return new IvhConfigError(message, {
    option: 'allowedHosts',
    hint: 'Give a list of names without scheme and port, like ["shop.example.com"].',
  })
}
