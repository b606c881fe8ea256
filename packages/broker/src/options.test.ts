import { IvhConfigError } from '@ivh-kit/core'
import { describe, expect, it } from 'vitest'
import type { SessionBrokerOptions } from './options'
import { createSessionBroker } from './server/session-broker'

const open = () => Promise.reject(new Error('never called'))

function errorFor(options: object): unknown {
  try {
    createSessionBroker(options as SessionBrokerOptions)
  } catch (error) {
    return error
  }
}

describe('createSessionBroker', () => {
  it.each([
    ['basePath', { basePath: '/ivh/' }],
    ['basePath', { basePath: 'ivh' }],
    ['basePath', { basePath: '/ivh?x' }],
    ['maxSessions', { maxSessions: 0 }],
    ['maxSessions', { maxSessions: 1.5 }],
    ['maxDurationMs', { maxDurationMs: Number.NaN }],
    ['maxDurationMs', { maxDurationMs: 2 ** 31 }],
    ['graceMs', { graceMs: -1 }],
    ['maxSilenceMs', { maxSilenceMs: 0 }],
    ['allowedOrigins', { allowedOrigins: 'https://shop.example.com' }],
    ['allowedOrigins', { allowedOrigins: ['*'] }],
    ['allowedOrigins', { allowedOrigins: ['null'] }],
    ['allowedOrigins', { allowedOrigins: [/shop/] }],
    ['allowedOrigins', { allowedOrigins: ['shop.example.com'] }],
    ['allowedHosts', { allowedHosts: 'shop.example.com' }],
    ['allowedHosts', { allowedHosts: ['https://shop.example.com'] }],
    ['allowedHosts', { allowedHosts: ['shop.example.com:443'] }],
    ['allowedHosts', { allowedHosts: ['*.example.com'] }],
    ['replica', { replica: { name: 'a b', sessions: { closeOrphans() {} } } }],
    ['watchIntervalMs', { watchIntervalMs: Number.POSITIVE_INFINITY }],
  ])('rejects %s in %o', (option, options) => {
    const error = errorFor({ open, ...options })
    expect(error).toBeInstanceOf(IvhConfigError)
    expect(error).toMatchObject({
      code: 'invalid-option',
      option,
      message: expect.stringContaining(option),
    })
  })

  it.each([
    'https://shop.example.com/',
    'https://SHOP.example.com',
    'https://shop.example.com:443',
  ])('rejects the origin %s and shows the right one', (origin) => {
    expect(errorFor({ open, allowedOrigins: [origin] })).toMatchObject({
      hint: 'Write "https://shop.example.com".',
    })
  })

  it('rejects options without open', () => {
    expect(errorFor({})).toMatchObject({ code: 'missing-option', option: 'open' })
  })

  it('rejects an unknown option and suggests a known one', () => {
    expect(errorFor({ open, maxSession: 5 })).toMatchObject({
      code: 'unknown-option',
      option: 'maxSession',
      hint: 'Did you mean maxSessions?',
    })
  })

  it.each([{ basePath: '' }, { basePath: '/a/b' }, { graceMs: 1 }])('accepts %o', (options) => {
    expect(createSessionBroker({ open, ...options })).toBeDefined()
  })
})
