import { describe, expect, it } from 'vitest'
import type { SessionBrokerOptions } from './options'
import { createSessionBroker } from './session-broker'

const open = () => Promise.reject(new Error('never called'))

describe('options', () => {
  it.each([
    ['basePath', { basePath: '/ivh/' }],
    ['basePath', { basePath: 'ivh' }],
    ['basePath', { basePath: '/ivh?x' }],
    ['maxSessions', { maxSessions: 0 }],
    ['maxDurationMs', { maxDurationMs: Number.NaN }],
    ['maxDurationMs', { maxDurationMs: 2 ** 31 }],
    ['graceMs', { graceMs: -1 }],
    ['watchIntervalMs', { watchIntervalMs: Number.POSITIVE_INFINITY }],
  ])('%s: %o is refused by name', (name, options) => {
    expect(() => createSessionBroker({ open, ...options })).toThrow(TypeError)
    expect(() => createSessionBroker({ open, ...options })).toThrow(name)
  })

  it('without open are refused', () => {
    expect(() => createSessionBroker({} as SessionBrokerOptions)).toThrow(/open must be a function/)
  })

  it.each([{ basePath: '' }, { basePath: '/a/b' }, { graceMs: 1 }])('%o is taken', (options) => {
    expect(createSessionBroker({ open, ...options })).toBeDefined()
  })
})
