import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
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
  test.each(['0.0.0.0', '::', ''])('of every address, "%s": those of the machine', (host) => {
    expect(reachableHosts(host, machine)).toEqual({
      publicHost: '192.0.2.7',
      iceHosts: ['127.0.0.1', '192.0.2.7', '198.51.100.3'],
    })
  })

  test('of a machine without a network: the loopback', () => {
    expect(reachableHosts('0.0.0.0', { lo: machine.lo })).toEqual({
      publicHost: '127.0.0.1',
      iceHosts: ['127.0.0.1'],
    })
  })

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['::1', '127.0.0.1'],
  ])('of one address, %s: that one', (host, iceHost) => {
    expect(reachableHosts(host, machine)).toEqual({ publicHost: host, iceHosts: [iceHost] })
  })
})
