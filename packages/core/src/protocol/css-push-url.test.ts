import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCssPushUrl } from './css-push-url'

const md5 = 'f85a2ab363fe4deaffef9754d79da6fe'
const sha256 = md5 + md5
const signed = `txSecret=${md5}&txTime=5C271099`

describe('parseCssPushUrl', () => {
  it.each([
    [
      'an MD5 signature',
      `rtmp://push.example.com/live/m789?${signed}`,
      'push.example.com',
      0x5c271099,
    ],
    [
      'a SHA-256 signature',
      `rtmp://h/live/m789?txSecret=${sha256}&txTime=5C271099`,
      'h',
      0x5c271099,
    ],
    ['a lower-case txTime', `rtmp://h/live/m789?txSecret=${md5}&txTime=5c271099`, 'h', 0x5c271099],
    [
      'any order of the query',
      `rtmp://h/live/m789?txTime=5C271099&a=1&txSecret=${md5}`,
      'h',
      0x5c271099,
    ],
    ['a port', `rtmp://127.0.0.1:80/live/m789?${signed}`, '127.0.0.1:80', 0x5c271099],
    ['an IPv6 host', `rtmp://[::1]:1935/live/m789?${signed}`, '[::1]:1935', 0x5c271099],
    [
      'a txTime in decimal seconds',
      `rtmp://h/live/m789?txSecret=${md5}&txTime=1546064025`,
      'h',
      1546064025,
    ],
  ])('accepts %s', (_name, text, host, expiresAt) => {
    expect(parseCssPushUrl(text)).toEqual({
      ok: true,
      url: { host, appName: 'live', streamName: 'm789', expiresAt },
    })
  })

  it.each([
    ['another scheme', `https://h/live/m?${signed}`, /must start with rtmp:/],
    ['an upper-case scheme', `RTMP://h/live/m?${signed}`, /must start with rtmp:/],
    ['an empty text', '', /must start with rtmp:/],
    ['no host', `rtmp:///live/m?${signed}`, /host name/],
    ['no host and a longer path', `rtmp:///h/live/m?${signed}`, /host name/],
    ['credentials', `rtmp://user:pass@h/live/m?${signed}`, /without credentials/],
    ['a broken port', `rtmp://h:port/live/m?${signed}`, /host name/],
    ['no stream', `rtmp://h/live?${signed}`, /app name and a stream name/],
    ['an empty stream', `rtmp://h/live/?${signed}`, /app name and a stream name/],
    ['an empty app', `rtmp://h//m?${signed}`, /app name and a stream name/],
    ['a third path segment', `rtmp://h/live/a/b?${signed}`, /app name and a stream name/],
    ['no query', 'rtmp://h/live/m', /no txSecret/],
    ['no txSecret', 'rtmp://h/live/m?txTime=5C271099', /no txSecret/],
    ['a name with a question mark', `rtmp://h/live/m??${signed}`, /no txSecret/],
    ['an escaped name', `rtmp://h/live/m?tx%53ecret=${md5}&txTime=5C271099`, /no txSecret/],
    ['an empty txSecret', 'rtmp://h/live/m?txSecret=&txTime=5C271099', /no txSecret/],
    [
      'a shortened txSecret',
      `rtmp://h/live/m?txSecret=${md5.slice(1)}&txTime=5C271099`,
      /neither an MD5/,
    ],
    ['two txSecrets', `rtmp://h/live/m?${signed}&txSecret=${md5}`, /more than once/],
    ['no txTime', `rtmp://h/live/m?txSecret=${md5}`, /no txTime/],
    ['a txTime that is not hex', `rtmp://h/live/m?txSecret=${md5}&txTime=tomorrow`, /hexadecimal/],
    ['a txTime in milliseconds', `rtmp://h/live/m?txSecret=${md5}&txTime=1546064025000`, /hexadec/],
    ['two txTimes', `rtmp://h/live/m?${signed}&txTime=6C271099`, /more than once/],
    ['a fragment', `rtmp://h/live/m?${signed}#top`, /fragment/],
    ['a line break', `rtmp://h/live/m?${signed}\n`, /line end/],
    ['a backslash', `rtmp://h\\live\\m?${signed}`, /backslash/],
  ])('rejects %s', (_name, text, problem) => {
    const result = parseCssPushUrl(text)
    expect(result.ok ? 'accepted' : result.problem).toMatch(problem)
    expect(JSON.stringify(result)).not.toContain(md5.slice(1))
  })

  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-fA-F]{${length}}$`))

  it('reads every push URL that follows the documented form', () => {
    fc.assert(
      fc.property(
        fc.domain(),
        name,
        name,
        fc.oneof(hex(32), hex(64)),
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.boolean(),
        (host, appName, streamName, secret, expiresAt, upper) => {
          const txTime = upper ? expiresAt.toString(16).toUpperCase() : expiresAt.toString(16)
          const text = `rtmp://${host}/${appName}/${streamName}?txSecret=${secret}&txTime=${txTime}`
          expect(parseCssPushUrl(text)).toEqual({
            ok: true,
            url: { host, appName, streamName, expiresAt },
          })
        },
      ),
    )
  })

  it('never throws and never repeats the secret', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...['rtmp://', 'http://', 'h', ':1935', '/', '?', '&', '#', '@', '%', '=', ' ', '\\', '['],
        ...['live', 'txSecret=', 'txTime=', md5, '5C271099', '\u{1F600}', ']'],
      ),
      { maxLength: 24 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const result = parseCssPushUrl(text)
          if (result.ok) expect(text.startsWith('rtmp://')).toBe(true)
          else expect(result.problem).not.toContain(md5)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
