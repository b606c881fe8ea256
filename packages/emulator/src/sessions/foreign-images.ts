import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { isLoopback } from '../loopback'
import type { MediaPicture } from '../media-plane'

/** Addresses that are not on the public internet (RFC 6890), IPv4-mapped ones included. */
const privateAddresses = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6')
}

/** A picture, and one sentence for each of its images that is left out. */
export interface PublicPicture {
  readonly picture: MediaPicture
  readonly leftOut: readonly string[]
}

/**
 * Leaves out the images that a foreign page must not make the emulator fetch: those on private, loopback and
 * link-local addresses, which the page cannot read itself. Images of the page's own origin on this machine
 * stay.
 */
export async function withoutPrivateImages(
  picture: MediaPicture,
  page: string,
): Promise<PublicPicture> {
  const addresses = [picture.background, ...picture.layers.map(({ url }) => url)]
  const problems = new Map<string, string>()
  await Promise.all(
    [...new Set(addresses)].map(async (address) => {
      if (address === undefined) return
      const problem = await problemOf(address, page)
      if (problem) problems.set(address, problem)
    }),
  )
  if (problems.size === 0) return { picture, leftOut: [] }
  const { background, layers } = picture
  return {
    picture: {
      ...picture,
      background: background !== undefined && problems.has(background) ? undefined : background,
      layers: layers.filter(({ url }) => !problems.has(url)),
    },
    leftOut: [...problems.values()],
  }
}

async function problemOf(address: string, page: string): Promise<string | undefined> {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return undefined
  const { host, hostname, origin } = new URL(address)
  if (origin === page && isLoopback(hostname)) return undefined
  const problem = `an image at ${host}, which a page of ${page} may not make the emulator fetch`
  const ip = hostname.replace(/^\[|\]$/g, '')
  try {
    const found = isIP(ip) ? [ip] : (await lookup(ip, { all: true })).map((entry) => entry.address)
    return found.some(isPrivate) ? problem : undefined
  } catch {
    return `${problem}: the name has no address`
  }
}

function isPrivate(address: string): boolean {
  return privateAddresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
