import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { reachableHosts } from './reachable-hosts'

const card = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  internal,
  cidr: `${address}/24`,
  ...(address.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
})
const machine = {
  lo: [card('127.0.0.1', true), card('::1', true)],
  eth0: [card('fd00::2'), card('192.0.2.7')],
  wlan0: [card('198.51.100.3')],
}

describe('reachable hosts', () => {
  it.each(['0.0.0.0', '::', ''])('returns the addresses of the machine for "%s"', (host) => {
    expect(reachableHosts(host, machine)).toEqual({
      publicHost: '192.0.2.7',
      iceHosts: ['127.0.0.1', '192.0.2.7', '198.51.100.3'],
    })
  })

  it('returns the loopback address without a network', () => {
    expect(reachableHosts('0.0.0.0', { lo: machine.lo })).toEqual({
      publicHost: '127.0.0.1',
      iceHosts: ['127.0.0.1'],
    })
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['::1', '127.0.0.1'],
  ])('returns the address itself for %s', (host, iceHost) => {
    expect(reachableHosts(host, machine)).toEqual({ publicHost: host, iceHosts: [iceHost] })
  })
})
