import { describe, expect, it } from 'vitest'
import { mpegtsError } from './mpegts-error'

describe('mpegtsError', () => {
  it.each([
    ['CodecUnsupported', {}, 'codec'],
    ['MediaMSEError', { code: 9, msg: 'The type is not supported' }, 'codec'],
    ['MediaMSEError', { code: 22, msg: 'QuotaExceeded' }, 'decode'],
    ['FormatUnsupported', {}, 'unsupported'],
    ['FormatError', { msg: 'Invalid AVCDecoderConfigurationRecord' }, 'decode'],
    ['Exception', {}, 'network'],
  ] as const)('maps %s %j to the reason %s', (detail, info, reason) => {
    expect(mpegtsError(detail, info).reason).toBe(reason)
  })
})
