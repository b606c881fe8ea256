import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCssSigner } from './css-signer'
import type { CssSignerOptions, Side } from './signer-options'
import { txSecret } from './tx-secret'

const now = Date.parse('2026-01-01T00:00:00Z')

const options = {
  pushDomain: 'push.example.com',
  playDomain: 'play.example.com',
  pushKey: 'pushMain',
  pushBackupKey: 'pushBackup',
  playKey: 'playMain',
  playBackupKey: 'playBackup',
  now: () => now,
} satisfies CssSignerOptions

const css = createCssSigner(options)
const refused = (reason: string) => ({ ok: false, reason })

/** Every signed URL of a stream, by its form. */
function everyForm(
  signer: ReturnType<typeof createCssSigner>,
  streamName: string,
  expiresIn = 3600,
): { form: string; kind: Side; url: string }[] {
  const push = signer.push(streamName, { expiresIn })
  const play = signer.play(streamName, { expiresIn })
  return [
    { form: 'push rtmp', kind: 'push', url: push.url },
    { form: 'push webrtc', kind: 'push', url: push.webrtc },
    { form: 'push srt', kind: 'push', url: push.srt },
    { form: 'play rtmp', kind: 'play', url: play.rtmp },
    { form: 'play flv', kind: 'play', url: play.flv },
    { form: 'play hls', kind: 'play', url: play.hls },
    { form: 'play webrtc', kind: 'play', url: play.webrtc },
  ]
}

describe.each(everyForm(css, 'm789'))('verify of $form', ({ url, kind }) => {
  it('is accepted unchanged, and refused after any change', () => {
    expect(css.verify(url)).toEqual({
      ok: true,
      key: 'main',
      algorithm: 'md5',
      streamName: 'm789',
      expiresAt: new Date(now + 3_600_000),
      effectiveExpiry: new Date(now + 3_600_000),
    })
    expect(css.verify(url.replace('m789', 'm788'))).toEqual(refused('wrong-signature'))
    expect(css.verify(url.replace('/m789', '/m7%38'))).toEqual(refused('malformed-stream-name'))
    expect(css.verify(url.replace('live/', 'other/'))).toEqual(refused('wrong-app'))
    expect(css.verify(url.replaceAll('.example.com', '.example.org'))).toEqual(
      refused('unknown-domain'),
    )
    expect(css.verify(url.replace('txTime=', 'txTime=0x'))).toEqual(refused('malformed-tx-time'))
    expect(css.verify(url.replace('txSecret=', 'txsecret='))).toEqual(refused('missing-signature'))
    expect(css.verify(url.replace(/.txTime=\w+/, ''))).toEqual(refused('missing-signature'))
    expect(css.verify(`x${url}`)).toEqual(refused('malformed-url'))
  })

  it('is accepted with its parameters in the other order', () => {
    const swapped = url.replace(/(txSecret=\w+)([&,])(txTime=\w+)/, '$3$2$1')
    expect(swapped).not.toBe(url)
    expect(css.verify(swapped).ok).toBe(true)
  })

  it('expires at its time, after the check of the signature', () => {
    const later = createCssSigner({ ...options, now: () => now + 3_600_000 })
    expect(later.verify(url)).toEqual(refused('expired'))
    expect(later.verify(url.replace('m789', 'm788'))).toEqual(refused('wrong-signature'))
  })

  it('is refused when `kind` names the other kind', () => {
    const other = kind === 'push' ? 'play' : 'push'
    expect(css.verify(url, { kind }).ok).toBe(true)
    expect(css.verify(url, { kind: other })).toEqual(refused('unknown-domain'))
  })

  it('is accepted with the backup key, and refused with the key of the other domain', () => {
    const rotated = createCssSigner({ ...options, pushKey: 'pushBackup', playKey: 'playBackup' })
    const crossed = createCssSigner({ ...options, pushKey: 'playMain', playKey: 'pushMain' })
    const again = (signer: typeof css) =>
      everyForm(signer, 'm789').find((entry) =>
        entry.url.startsWith(url.split('txSecret')[0] ?? ''),
      )?.url ?? ''
    expect(css.verify(again(rotated))).toMatchObject({ ok: true, key: 'backup' })
    expect(css.verify(again(crossed))).toEqual(refused('wrong-signature'))
  })

  it('is refused when the signer has no key', () => {
    const keyless = createCssSigner({
      pushDomain: options.pushDomain,
      playDomain: options.playDomain,
      now: options.now,
    })
    expect(keyless.verify(url)).toEqual(refused('no-key'))
  })
})

describe('verify', () => {
  it('counts the template as part of the name, but not the extension', () => {
    const { hls, webrtc } = css.play('m789', { template: '900' })
    expect(css.verify(hls)).toMatchObject({ ok: true, streamName: 'm789_900' })
    expect(css.verify(webrtc)).toMatchObject({ ok: true, streamName: 'm789_900' })
    expect(css.verify(hls.replace('.m3u8', '.flv')).ok).toBe(true)
    expect(css.verify(hls.replace('_900', ''))).toEqual(refused('wrong-signature'))
  })

  it('ignores unsigned parameters', () => {
    const { webrtc } = css.play('m789', { params: { tabr_bitrates: 'hi,lo' } })
    expect(css.verify(webrtc).ok).toBe(true)
    expect(css.verify(webrtc.replace('?', '?bizid=2157&')).ok).toBe(true)
  })

  it('refuses a repeated signature', () => {
    const { flv } = css.play('m789')
    expect(css.verify(`${flv}&txTime=FFFFFFFF`)).toEqual(refused('malformed-url'))
  })

  it('refuses a play scheme on the push domain and a push scheme on the play domain', () => {
    const play = css.play('m789')
    const atPush = play.flv.replace('play.example.com', 'push.example.com')
    expect(css.verify(atPush)).toEqual(refused('malformed-url'))
    const { srt } = css.push('m789')
    expect(css.verify(srt.replaceAll('push.', 'play.'))).toEqual(refused('malformed-url'))
  })

  it('distinguishes push and play on one host by port, and knows the default ports', () => {
    const local = createCssSigner({
      ...options,
      pushDomain: 'localhost:1935',
      playDomain: 'LOCALHOST:8080',
    })
    for (const { url, kind } of everyForm(local, 'm789')) {
      expect(local.verify(url).ok, url).toBe(true)
      expect(local.verify(url, { kind }).ok, url).toBe(true)
    }
    const ported = css.push('m789').url.replace('.com/', '.com:1935/')
    expect(css.verify(ported).ok).toBe(true)
    expect(css.verify(ported.replace(':1935', ':1936'))).toEqual(refused('unknown-domain'))
    const secured = css.play('m789').flv.replace('.com/', '.com:443/')
    expect(css.verify(secured).ok).toBe(true)
    expect(css.verify(secured.replace(':443', ':80'))).toEqual(refused('unknown-domain'))
    expect(css.verify(secured.replace('https', 'http').replace(':443', ':80')).ok).toBe(true)
  })

  it('needs the kind when one domain serves both sides', () => {
    const both = createCssSigner({ ...options, playDomain: 'Push.example.com' })
    for (const { url, kind } of everyForm(both, 'm789')) {
      expect(() => both.verify(url)).toThrow(/Pass \{ kind/)
      expect(both.verify(url, { kind }).ok, url).toBe(true)
    }
    const { rtmp } = both.play('m789')
    expect(both.verify(rtmp, { kind: 'push' })).toEqual(refused('wrong-signature'))
  })

  it('accepts SHA-256 and MD5 with either algorithm', () => {
    const sha256 = createCssSigner({ ...options, algorithm: 'sha256' })
    expect(css.verify(sha256.play('m789').hls)).toMatchObject({ ok: true, algorithm: 'sha256' })
    expect(sha256.verify(css.play('m789').hls)).toMatchObject({ ok: true, algorithm: 'md5' })
  })

  it('uses a lower-case txTime unchanged', () => {
    const signature = txSecret('playMain', 'm789', '6955c710')
    const url = `https://play.example.com/live/m789.flv?txTime=6955c710&txSecret=${signature}`
    expect(css.verify(url).ok).toBe(true)
    expect(css.verify(url.replace('6955c710', '6955C710'))).toEqual(refused('wrong-signature'))
  })
})

describe('properties', () => {
  const alphabet = 'ABCXYZabcxyz0123456789._~-'
  const streamNames = fc
    .string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 255 })
    .filter((name) => name !== '.' && name !== '..')
  const keys = fc.stringMatching(/^[A-Za-z0-9]{1,40}$/)
  const signers = fc.record({
    pushKey: fc.stringMatching(/^[!-~]{1,40}$/),
    playKey: keys,
    pushDomain: fc.constantFrom('push.example.com', '127.0.0.1:1935', '[::1]:1935', 'localhost'),
    playDomain: fc.constantFrom('play.example.com', '127.0.0.1:8080', '[::1]:8080', 'p.localhost'),
    appName: streamNames,
    algorithm: fc.constantFrom('md5', 'sha256'),
    txTimeCase: fc.constantFrom('upper', 'lower'),
    secure: fc.boolean(),
    now: fc.constant(() => now),
  })

  it('accepts every signed URL in every form', () => {
    fc.assert(
      fc.property(
        signers,
        streamNames,
        fc.integer({ min: 1, max: 1e7 }),
        (given, name, seconds) => {
          const signer = createCssSigner(given)
          for (const { url } of everyForm(signer, name, seconds)) {
            expect(signer.verify(url), url).toMatchObject({
              ok: true,
              key: 'main',
              streamName: name,
            })
          }
        },
      ),
    )
  })

  it('refuses one changed character anywhere in the signed part', () => {
    fc.assert(
      fc.property(streamNames, fc.nat(), fc.constantFrom(...alphabet), (name, at, character) => {
        for (const { url } of everyForm(css, name)) {
          const signed = url.indexOf(`/${name}`, url.indexOf('live')) + 1
          const index = signed + (at % (url.length - signed))
          if (url[index] === character) continue
          const forged = url.slice(0, index) + character + url.slice(index + 1)
          expect(css.verify(forged).ok, forged).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('does not throw for any text', () => {
    const urls = everyForm(css, 'm789').map(({ url }) => url)
    const cut = fc
      .tuple(fc.constantFrom(...urls), fc.nat(120), fc.string({ unit: 'binary', maxLength: 8 }))
      .map(([url, at, text]) => url.slice(0, at) + text + url.slice(at))
    fc.assert(
      fc.property(fc.oneof(cut, fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        expect(css.verify(text)).toHaveProperty('ok')
      }),
      { numRuns: 500 },
    )
  })
})
