import { describe, expect, it } from 'vitest'
import { errorOfMpegts, errorOfStatus } from './errors'

describe('errorOfStatus', () => {
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
  ] as const)('%i means %s', (status, reason) => {
    expect(errorOfStatus(status)?.reason).toBe(reason)
  })

  it('tells a developer what to check after a refusal', () => {
    const error = errorOfStatus(403)
    expect(error?.status).toBe(403)
    expect(error?.message).toMatch(/txTime.*play key/)
  })
})

describe('errorOfMpegts', () => {
  it.each([
    ['CodecUnsupported', {}, 'codec'],
    ['MediaMSEError', { code: 9, msg: 'The type is not supported' }, 'codec'],
    ['MediaMSEError', { code: 22, msg: 'QuotaExceeded' }, 'decode'],
    ['FormatUnsupported', {}, 'unsupported'],
    ['FormatError', { msg: 'Invalid AVCDecoderConfigurationRecord' }, 'decode'],
    ['Exception', {}, 'network'],
  ] as const)('%s %j means %s', (detail, info, reason) => {
    expect(errorOfMpegts(detail, info).reason).toBe(reason)
  })
})
