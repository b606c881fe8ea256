import { IvhConfigError } from '@ivh-kit/kernel'
import { describe, expect, it } from 'vitest'
import { createCssSigner } from './css-signer'
import type { CssSignerOptions } from './signer-options'
import type { CssSignerWarning } from './signer-warning'
import { txSecret } from './tx-secret'

const now = Date.parse('2026-01-01T00:00:00Z')
const hourLater = '6955C710'
const pushKey = 'abc*&^密钥'
const playKey = 'playKey1'

const options = {
  pushDomain: 'push.example.com',
  playDomain: 'play.example.com',
  pushKey: pushKey,
  playKey: playKey,
  now: () => now,
} satisfies CssSignerOptions

describe('push', () => {
  const css = createCssSigner(options)

  it('returns one signature in every form', () => {
    const signature = txSecret(pushKey, 'm789', hourLater)
    expect(css.push('m789', { expiresIn: 3600 })).toEqual({
      url: `rtmp://push.example.com/live/m789?txSecret=${signature}&txTime=${hourLater}`,
      webrtc: `webrtc://push.example.com/live/m789?txSecret=${signature}&txTime=${hourLater}`,
      srt: `srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/m789,txSecret=${signature},txTime=${hourLater}`,
      txSecret: signature,
      txTime: hourLater,
      expiresAt: new Date('2026-01-01T01:00:00Z'),
    })
  })

  it('reproduces the URL the vendor prints (INTL 267/31560)', () => {
    const vendor = createCssSigner({
      pushDomain: 'www.test.com',
      pushKey: 'e12c46f2612d5106e2034781ab261ca3',
    })
    expect(vendor.push('test', { expiresAt: new Date('2018-12-29T14:13:45+08:00') }).url).toBe(
      'rtmp://www.test.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099',
    )
  })

  it('is valid for 24 hours by default', () => {
    expect(css.push('m789').expiresAt).toEqual(new Date('2026-01-02T00:00:00Z'))
    expect(css.push('m789', { expiresAt: 1_767_312_000 }).txTime).toBe('69570A80')
  })

  it('supports lower-case hex, SHA-256, an AppName and a port', () => {
    const custom = createCssSigner({
      ...options,
      pushDomain: '127.0.0.1:1935',
      txTimeCase: 'lower',
      algorithm: 'sha256',
      appName: 'human-1',
    })
    const txTime = hourLater.toLowerCase()
    const signature = txSecret(pushKey, 'm789', txTime, { algorithm: 'sha256' })
    expect(custom.push('m789', { expiresIn: 3600 })).toMatchObject({
      url: `rtmp://127.0.0.1:1935/human-1/m789?txSecret=${signature}&txTime=${txTime}`,
      srt: expect.stringMatching(/^srt:\/\/127\.0\.0\.1:9000\?streamid=#!::h=127\.0\.0\.1,/),
    })
  })

  it('ignores the authDelta of the play domain', () => {
    const delayed = createCssSigner({ ...options, authDelta: 600 })
    const { url } = delayed.push('m789', { expiresIn: 60 })
    const later = createCssSigner({ ...options, authDelta: 600, now: () => now + 60_000 })
    expect(delayed.verify(url).ok).toBe(true)
    expect(later.verify(url)).toEqual({ ok: false, reason: 'expired' })
  })

  it('reports missing options', () => {
    const playOnly = createCssSigner({ playDomain: 'play.example.com' })
    expect(() => playOnly.push('m789')).toThrow('push() needs pushDomain and pushKey')
    const keyless = createCssSigner({ pushDomain: 'push.example.com' })
    expect(() => keyless.push('m789')).toThrow('push() needs pushDomain and pushKey')
  })

  it('refuses a malformed name and expiry', () => {
    expect(() => css.push('live/m789')).toThrow('StreamName contains "/"')
    // @ts-expect-error a text for a lifetime
    expect(() => css.push('m789', { expiresIn: '1h' })).toThrow('not of type string')
    // @ts-expect-error both at once
    expect(() => css.push('m789', { expiresIn: 60, expiresAt: now / 1000 })).toThrow('not both')
  })
})

describe('play', () => {
  const css = createCssSigner(options)

  it('returns every pull protocol with one signature', () => {
    const query = `?txSecret=${txSecret(playKey, 'm789', hourLater)}&txTime=${hourLater}`
    expect(css.play('m789', { expiresIn: 3600 })).toEqual({
      rtmp: `rtmp://play.example.com/live/m789${query}`,
      flv: `https://play.example.com/live/m789.flv${query}`,
      hls: `https://play.example.com/live/m789.m3u8${query}`,
      webrtc: `webrtc://play.example.com/live/m789${query}`,
      expiresAt: new Date('2026-01-01T01:00:00Z'),
      effectiveExpiry: new Date('2026-01-01T01:00:00Z'),
    })
  })

  it('reproduces the transcoded URL the vendor prints (INTL 267/35598)', () => {
    const vendor = createCssSigner({
      playDomain: 'www.test.com',
      playKey: 'somestring',
      txTimeCase: 'lower',
      secure: false,
    })
    const urls = vendor.play('test', { template: '900', expiresAt: 0x5c2acacc })
    expect(urls.flv).toBe(
      'http://www.test.com/live/test_900.flv?txSecret=4beae959b16c77da6a65c7edda1dfefe&txTime=5c2acacc',
    )
  })

  it('is valid for two hours by default, plus authDelta', () => {
    const delayed = createCssSigner({ ...options, authDelta: 300 })
    expect(css.play('m789').expiresAt).toEqual(new Date('2026-01-01T02:00:00Z'))
    expect(delayed.play('m789')).toMatchObject({
      hls: css.play('m789').hls,
      expiresAt: new Date('2026-01-01T02:00:00Z'),
      effectiveExpiry: new Date('2026-01-01T02:05:00Z'),
    })
    const { hls } = css.play('m789', { expiresIn: 60 })
    const at = (seconds: number) =>
      createCssSigner({ ...options, authDelta: 300, now: () => now + seconds * 1000 }).verify(hls)
    expect(at(359).ok).toBe(true)
    expect(at(360)).toEqual({ ok: false, reason: 'expired' })
  })

  it('returns unsigned URLs without a play key', () => {
    const open = createCssSigner({ playDomain: 'localhost:8080', secure: false })
    expect(open.play('m789', { expiresIn: 60 })).toEqual({
      rtmp: 'rtmp://localhost:8080/live/m789',
      flv: 'http://localhost:8080/live/m789.flv',
      hls: 'http://localhost:8080/live/m789.m3u8',
      webrtc: 'webrtc://localhost:8080/live/m789',
      expiresAt: undefined,
      effectiveExpiry: undefined,
    })
    expect(open.play('m', { template: 'hd', params: { a: 1, b: 2 } }).flv).toBe(
      'http://localhost:8080/live/m_hd.flv?a=1&b=2',
    )
  })

  it('appends unsigned parameters with escapes, but keeps commas', () => {
    const plain = css.play('m789')
    const params = { tabr_bitrates: 'hi,mid,lo', 'a&b': 'c=d é', n: 7 }
    expect(css.play('m789', { params }).webrtc).toBe(
      `${plain.webrtc}&tabr_bitrates=hi,mid,lo&a%26b=c%3Dd%20%C3%A9&n=7`,
    )
    expect(() => css.play('m789', { params: { txTime: 'FFFFFFFF' } })).toThrow(/must not contain/)
    expect(() => css.play('m789', { params: { txSecret: 'x' } })).toThrow(/must not contain/)
  })

  it('refuses a malformed template, and a name that is too long with it', () => {
    expect(() => css.play('m789', { template: 'a_b' })).toThrow(/after the last "_"/)
    expect(() => css.play('x'.repeat(252), { template: '900' })).toThrow(/256 characters/)
    expect(css.play('x'.repeat(251), { template: '900' }).flv).toContain('x_900.flv')
    expect(() => css.play('a?b', { template: '900' })).toThrow(/StreamName contains/)
  })

  it('needs a domain, and checks an expiry even without a key', () => {
    const pushOnly = createCssSigner({ pushDomain: 'push.example.com', pushKey: pushKey })
    expect(() => pushOnly.play('m789')).toThrow('play() needs playDomain')
    const open = createCssSigner({ playDomain: 'play.example.com' })
    expect(() => open.play('m789', { expiresIn: -1 })).toThrow(/negative/)
  })
})

describe('warnings', () => {
  function warningsOf(use: (css: ReturnType<typeof createCssSigner>) => unknown, authDelta = 0) {
    const warnings: CssSignerWarning[] = []
    const onWarning = (warning: CssSignerWarning) => warnings.push(warning)
    use(createCssSigner({ ...options, authDelta, onWarning }))
    return warnings.map(({ code }) => code)
  }

  it('report a name that may contain a template, but not a template that was given', () => {
    expect(warningsOf((css) => css.push('m_789'))).toEqual(['ambiguous-stream-name'])
    expect(warningsOf((css) => css.play('m_789'))).toEqual(['ambiguous-stream-name'])
    expect(warningsOf((css) => css.play('m789', { template: '900' }))).toEqual([])
  })

  it('report an expired URL, unless authDelta keeps it valid', () => {
    expect(warningsOf((css) => css.push('m', { expiresIn: 0 }))).toEqual(['already-expired'])
    expect(warningsOf((css) => css.play('m', { expiresIn: 0 }), 300)).toEqual([])
    expect(warningsOf((css) => css.push('m', { expiresIn: 0 }), 300)).toEqual(['already-expired'])
  })

  it('report a lifetime of one hour that was given in milliseconds', () => {
    expect(warningsOf((css) => css.push('m', { expiresIn: 3_600_000 }))).toEqual(['long-lived'])
    expect(warningsOf((css) => css.push('m', { expiresIn: 30 * 86_400 }))).toEqual([])
  })
})

describe('createCssSigner', () => {
  it.each<[string, object, RegExp]>([
    ['no domain', {}, /Give pushDomain, playDomain or both/],
    ['a key without its domain', { pushKey: 'k', playDomain: 'p' }, /pushKey .* pushDomain/],
    ['a backup key alone', { playDomain: 'p', playBackupKey: 'k' }, /playBackupKey .* playKey/],
    ['an empty key', { pushDomain: 'p', pushKey: '' }, /pushKey is empty/],
    ['an unset play key', { playDomain: 'p', playKey: undefined }, /playKey is of type undefined/],
    ['an unset push key', { pushDomain: 'p', pushKey: undefined }, /pushKey is of type undefined/],
    ['a play key with a symbol', { playDomain: 'p', playKey: 'a-b' }, /only letters and digits/],
    ['a long play key', { playDomain: 'p', playKey: 'x'.repeat(257) }, /at most 256/],
    ['a bad backup key', { playDomain: 'p', playKey: 'a', playBackupKey: 'é' }, /playBackupKey/],
    ['a URL for a domain', { pushDomain: 'rtmp://p/live' }, /pushDomain must be a host name/],
    ['an empty domain', { playDomain: '' }, /playDomain must be a host name/],
    ['a bad AppName', { playDomain: 'p', appName: 'a/b' }, /AppName contains "\/"/],
    ['an unknown algorithm', { playDomain: 'p', algorithm: 'sha1' }, /algorithm must be/],
    ['an unknown case', { playDomain: 'p', txTimeCase: 'UPPER' }, /txTimeCase must be/],
    ['an unknown option', { playDomain: 'p', playkey: 'k' }, /no option "playkey".*playKey/],
    ['authDelta NaN', { playDomain: 'p', authDelta: Number.NaN }, /authDelta must be/],
  ])('refuses %s', (_, wrong, message) => {
    const call = () => createCssSigner(wrong)
    expect(call).toThrow(message)
    expect(call).toThrow(IvhConfigError)
  })

  it.each([
    ['push', 3600, /push takes an object of options, got a value of type number/],
    ['push', new Date(), /push takes an object of options, got a value of type Date/],
    ['push', { expires: 60 }, /push has no option "expires"/],
    ['push', { template: 'hd' }, /push has no option "template"/],
    ['play', 3600, /play takes an object of options, got a value of type number/],
    ['play', { expireIn: 60 }, /play has no option "expireIn"\. Did you mean expiresIn/],
    ['verify', { side: 'push' }, /verify has no option "side"/],
  ] as const)('refuses %s with the options %o', (method, wrong, message) => {
    const css = createCssSigner(options)
    // @ts-expect-error plain JavaScript can pass any value
    expect(() => css[method]('m789', wrong)).toThrow(message)
  })

  it('accepts an undefined backup key', () => {
    const backup: { key?: string } = {}
    const css = createCssSigner({ ...options, playBackupKey: backup.key })
    expect(css.verify(css.play('m789').flv).ok).toBe(true)
  })

  it('keeps keys out of printed values and errors', () => {
    const secret = 'Tell-nobody-1'
    expect(JSON.stringify(createCssSigner({ ...options, playKey: 'TellNobody1' }))).toBe('{}')
    const thrown = [
      () => createCssSigner({ playDomain: 'p', playKey: secret }),
      () => createCssSigner({ playDomain: `https://p/live/m.flv?txSecret=${secret}` }),
      () => createCssSigner({ pushDomain: 'p', pushKey: secret }).push(`m?txSecret=${secret}`),
      () => createCssSigner({ pushDomain: 'p', pushKey: secret, pushBackupKey: '' }),
      () => txSecret(secret, 'm789', secret),
      () => createCssSigner({ playDomain: 'p' }).play('m', { params: { txSecret: secret } }),
    ].map((call) => {
      try {
        return call()
      } catch (error) {
        return error
      }
    })
    for (const error of thrown) {
      expect(error).toBeInstanceOf(IvhConfigError)
      expect(`${error}`).not.toContain(secret)
    }
  })
})
