import { describe, expect, it } from 'vitest'
import { isAllowedHost } from './allowed-hosts'

describe('isAllowedHost', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'app.localhost',
    '127.0.0.1:80',
    '[::1]:3000',
    'LOCALHOST',
  ])('allows %s on a connection from this machine', (host) =>
    expect(isAllowedHost(host, undefined, true)).toBe(true),
  )

  it.each(['evil.test', 'localhost.evil.test:3000', '127.0.0.1.evil.test', '10.0.0.7', ''])(
    'refuses %j on a connection from this machine',
    (host) => expect(isAllowedHost(host, undefined, true)).toBe(false),
  )

  it('allows every host on other connections', () => {
    expect(isAllowedHost('shop.example.com', undefined, false)).toBe(true)
  })

  it('allows only the listed hosts', () => {
    const allowed = ['shop.example.com']
    expect(isAllowedHost('SHOP.example.com:8443', allowed, true)).toBe(true)
    expect(isAllowedHost('shop.example.co', allowed, false)).toBe(false)
    expect(isAllowedHost('localhost', allowed, true)).toBe(false)
  })
})
