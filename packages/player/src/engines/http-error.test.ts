import { describe, expect, it } from 'vitest'
import { httpStatusError } from './http-error'

describe('httpStatusError', () => {
  it.each([
    [200, undefined],
    [206, undefined],
    [404, 'not-live'],
    [401, 'auth'],
    [403, 'auth'],
    [451, 'auth'],
    [408, 'network'],
    [429, 'network'],
    [500, 'network'],
    [503, 'network'],
  ] as const)('maps status %i to the reason %s', (status, reason) => {
    expect(httpStatusError(status)?.reason).toBe(reason)
  })

  it('names the things to check after a refusal', () => {
    const error = httpStatusError(403)
    expect(error?.status).toBe(403)
    expect(error?.message).toMatch(/txTime.*play key/)
  })
})
