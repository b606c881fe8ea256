import { inspect } from 'node:util'
import { redact, redactText } from '@ivh-kit/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactingLogger } from '../logging/logger'
import { createMemoryLogger } from '../testing/scripted-transport'
import {
  IvhApiError,
  IvhPluginError,
  IvhResponseShapeError,
  IvhSessionError,
  IvhTransportError,
} from './index'

const names = [
  'accesstoken',
  'accessToken',
  'access_token',
  'IVH_ACCESS_TOKEN',
  'signature',
  'TrtcUserSig',
  'UserSig',
  'clientUserSig',
  'TrtcPrivateMapKey',
  'privateMapKey',
  'txSecret',
  'x-signature',
]

describe('redactText', () => {
  it.each([
    [
      'a query',
      '?appkey=k&signature=S3cr%2Bt%3D&timestamp=1',
      '?appkey=k&signature=[redacted]&timestamp=1',
    ],
    [
      'a push URL',
      'rtmp://h/live/m?txSecret=f85a2ab3&txTime=5C271099',
      'rtmp://h/live/m?txSecret=[redacted]&txTime=5C271099',
    ],
    [
      'an SRT stream id',
      'srt://h:9000?streamid=#!::h=h,r=live/m,txSecret=f85a,txTime=5C',
      'srt://h:9000?streamid=#!::h=h,r=live/m,txSecret=[redacted],txTime=5C',
    ],
    [
      'a TRTC play address',
      'room://4711?appId=14&userSig=eJw*-_x&privateMapKey=eJy&virtualManUserId=u',
      'room://4711?appId=14&userSig=[redacted]&privateMapKey=[redacted]&virtualManUserId=u',
    ],
    [
      'a percent-encoded URL',
      'to=rtmp%3A%2F%2Fh%2Flive%2Fm%3FtxSecret%3Df85a2ab3%26txTime%3D5C271099',
      'to=rtmp%3A%2F%2Fh%2Flive%2Fm%3FtxSecret%3D[redacted]%26txTime%3D5C271099',
    ],
    [
      'a URL encoded twice',
      'a%253FtxSecret%253Df85a%2526txTime%253D5C',
      'a%253FtxSecret%253D[redacted]%2526txTime%253D5C',
    ],
    ['JSON', '{"TrtcUserSig":"eJw, x","a":1}', '{"TrtcUserSig":"[redacted]","a":1}'],
    ['spaced JSON', '{ "signature" : "S3" }', '{ "signature" : "[redacted]" }'],
    [
      'JSON inside JSON',
      String.raw`{"body":"{\"txSecret\":\"f85a\",\"a\":1}"}`,
      String.raw`{"body":"{\"txSecret\":\"[redacted]\",\"a\":1}"}`,
    ],
    [
      'JSON inside JSON inside JSON',
      String.raw`"{\"b\":\"{\\\"txSecret\\\":\\\"f85a\\\"}\"}"`,
      String.raw`"{\"b\":\"{\\\"txSecret\\\":\\\"[redacted]\\\"}\"}"`,
    ],
    [
      'a URL in JSON with an escaped &',
      String.raw`{"Url":"rtmp://h/live/m?txSecret=f85a\u0026txTime=5C"}`,
      String.raw`{"Url":"rtmp://h/live/m?txSecret=[redacted]\u0026txTime=5C"}`,
    ],
    [
      'a URL in JSON with escaped = and /',
      String.raw`{"q":"signature\u003dab\/cd\u003d\u0026a\u003d1"}`,
      String.raw`{"q":"signature\u003d[redacted]\u0026a\u003d1"}`,
    ],
    [
      'percent-encoded JSON',
      '%7B%22txSecret%22%3A%22f85a%22%7D',
      '%7B%22txSecret%22%3A%22[redacted]%22%7D',
    ],
    [
      'a quote inside a value',
      String.raw`{"accesstoken":"a\"b","c":1}`,
      '{"accesstoken":"[redacted]","c":1}',
    ],
    ['truncated JSON', '{"TrtcPrivateMapKey":"eJyAAAA', '{"TrtcPrivateMapKey":"[redacted]'],
    [
      'the output of inspect',
      "{ accessToken: 'a b', c: 1 }",
      "{ accessToken: '[redacted]', c: 1 }",
    ],
    ['an environment', 'IVH_ACCESS_TOKEN=f68f2d10 node', 'IVH_ACCESS_TOKEN=[redacted] node'],
    ['a header', 'x-signature: S3cret', 'x-signature: [redacted]'],
  ])('redacts %s', (_name, text, expected) => {
    expect(redactText(text)).toBe(expected)
  })

  it.each([
    'the signature does not match',
    'has no txSecret; sign it first: rtmp://<push-domain>/<app>/<stream>?txSecret=<secret>&txTime=<hex>',
    'Payload.ProtocolOption.TrtcUserSig is required when TrtcUseExternalApp is true',
    '{"TrtcUserSig":"","UserId":"u1"}',
    'appkey=k&timestamp=1',
  ])('does not change: %s', (text) => expect(redactText(text)).toBe(text))

  it('handles long hostile texts in less than a second', () => {
    const started = performance.now()
    for (const piece of ['\\', '"', 'signature=', 'signature"\\', '%25', 'txSecret=\\u00', 'sig']) {
      redactText(`signature=${piece.repeat(20_000)}`)
    }
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

describe('redact', () => {
  it('redacts by field name at any depth and copies the rest', () => {
    const value = {
      ProtocolOption: { TrtcUserSig: 's', TrtcPrivateMapKey: { a: 's' }, TrtcAppId: '14' },
      list: [{ accesstoken: 's' }, 'txSecret=s', null, 5, true],
      'signature=s': 1,
    }
    expect(redact(value)).toEqual({
      ProtocolOption: {
        TrtcUserSig: '[redacted]',
        TrtcPrivateMapKey: '[redacted]',
        TrtcAppId: '14',
      },
      list: [{ accesstoken: '[redacted]' }, 'txSecret=[redacted]', null, 5, true],
      'signature=[redacted]': 1,
    })
    expect(value.ProtocolOption.TrtcUserSig).toBe('s')
  })

  it('replaces cycles and keeps values that occur twice', () => {
    const shared = { a: 1 }
    const value: Record<string, unknown> = { one: shared, two: shared }
    value.self = value
    expect(redact(value)).toEqual({ one: { a: 1 }, two: { a: 1 }, self: '[circular]' })
  })
})

describe('redact with values that JSON cannot hold', () => {
  it('keeps the types of maps, sets, dates and errors', () => {
    const cause = Object.assign(
      new TypeError('signature=s3', { cause: new Set(['txSecret=s3']) }),
      {
        code: 'E',
        accessToken: 's3',
      },
    )
    expect(
      redact(
        new Map<unknown, unknown>([
          ['accesstoken', 's3'],
          [{ a: 1 }, [2]],
        ]),
      ),
    ).toEqual(
      new Map<unknown, unknown>([
        ['accesstoken', '[redacted]'],
        [{ a: 1 }, [2]],
      ]),
    )
    expect(redact({ at: new Date(5) })).toEqual({ at: new Date(5) })
    const copy = redact(cause)
    expect(copy).toBeInstanceOf(Error)
    expect(copy).toMatchObject({
      ...{ name: 'TypeError', message: 'signature=[redacted]', code: 'E' },
      ...{ accessToken: '[redacted]', cause: new Set(['txSecret=[redacted]']) },
    })
    const several = new AggregateError([new Error('txSecret=s3')], 'all')
    expect(redact(several)).toMatchObject({ errors: [{ message: 'txSecret=[redacted]' }] })
  })

  it('shows headers, queries and URLs, and replaces bytes by their count', () => {
    const headers = new Headers({ 'x-signature': 's3', date: 'now' })
    expect(redact(headers)).toEqual(
      new Map([
        ['date', 'now'],
        ['x-signature', '[redacted]'],
      ]),
    )
    const query = new URLSearchParams('a=1&signature=s3')
    expect(redact(query)).toEqual(
      new Map([
        ['a', '1'],
        ['signature', '[redacted]'],
      ]),
    )
    expect(redact(new URL('http://h/?signature=s3'))).toBe('http://h/?signature=[redacted]')
    expect(redact([Buffer.from('s3')])).toEqual(['[2 bytes]'])
  })

  it('recognises alternating names and values, but not a list of names', () => {
    const raw = ['x-signature', 's3', 'date', 'now', ['signature', 's3']]
    expect(redact(raw)).toEqual([
      ...['x-signature', '[redacted]', 'date', 'now', ['signature', '[redacted]']],
    ])
    expect(redact(['signature', 'accesstoken', 5])).toEqual(['signature', 'accesstoken', 5])
  })
})

describe('the cause of an error', () => {
  const causeOf = (cause: unknown) => new IvhTransportError('x', { cause }).cause

  it('is unchanged when it contains no secret, at any size', () => {
    const cause = Object.assign(new Error('x'), { list: Array.from({ length: 500 }, () => ({})) })
    expect(causeOf(cause)).toBe(cause)
    const loop: { self?: unknown } = {}
    loop.self = loop
    expect(causeOf(loop)).toBe(loop)
  })

  it('is searched only up to a limit of objects and depth', () => {
    let chain: object = {}
    for (let length = 0; length < 100_000; length++) chain = { chain }
    expect(inspect(causeOf(chain), { depth: 250 })).toContain('too much to show')
    const many = Array.from({ length: 30_000 }, () => ({}))
    expect(causeOf(many)).toContain('[too much to show]')
  })

  it('is replaced when inspect fails or prints text that its members do not have', () => {
    const trap = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => expect.fail('asked'),
    })
    expect(causeOf(trap)).toBe('an unreadable value')
    const printing = { a: 1, [Symbol.for('nodejs.util.inspect.custom')]: () => 'signature=s3' }
    expect(causeOf(printing)).toEqual({ a: 1 })
  })
})

describe('redaction of random secrets', () => {
  /** Secrets of base64, of TRTC's base64 and of hex characters, too long to occur by chance. */
  const secret = fc.stringMatching(/^[A-Za-z0-9+/*_-]{16,40}={0,2}$/)
  const filler = fc.stringMatching(/^[ a-z0-9:.,&?/{}]{0,12}$/)
  const asUrl = encodeURIComponent

  type Form = (name: string, value: string, before: string, after: string) => string
  const json: Form = (name, value, before, after) =>
    JSON.stringify({ a: before, [name]: value, z: after })
  const query: Form = (name, value, before, after) =>
    `https://h/p?a=${asUrl(before)}&${name}=${asUrl(value)}&z=${asUrl(after)}`
  const forms: readonly Form[] = [
    json,
    query,
    (...parts) => JSON.stringify({ body: json(...parts) }),
    (...parts) => JSON.stringify({ body: JSON.stringify({ body: json(...parts) }) }),
    (...parts) => JSON.stringify({ url: query(...parts) }).replaceAll('&', '\\u0026'),
    (...parts) => json(...parts).replaceAll('/', '\\/'),
    (...parts) => asUrl(query(...parts)),
    (...parts) => asUrl(asUrl(query(...parts))),
    (...parts) => asUrl(json(...parts)),
    (name, value, before, after) => inspect({ a: before, [name]: value, z: after }),
    (name, value, before, after) =>
      inspect(
        new Map([
          ['a', before],
          [name, value],
          ['z', after],
        ]),
      ),
    (name, value) => `${name}: ${value}`,
  ]

  /** Encodings of the secret in a text: raw, encoded, encoded twice, with escaped slashes. */
  const shapes = (value: string) => [
    value,
    asUrl(value),
    asUrl(asUrl(value)),
    value.replaceAll('/', '\\/'),
  ]
  const expectHidden = (shown: string, value: string) => {
    for (const shape of shapes(value)) expect(shown).not.toContain(shape)
  }

  const anyText = fc
    .tuple(fc.constantFrom(...names), secret, fc.constantFrom(...forms), filler, filler)
    .map(([name, value, form, before, after]) => ({
      value,
      text: form(name, value, before, after),
    }))

  it('hides the secrets in a text; a second redaction changes nothing', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), ({ value, text }, cut) => {
        const once = redactText(text)
        expectHidden(once, value)
        expect(redactText(once)).toBe(once)
        // Cut the text: messages truncate a body, and half a secret is still a secret.
        const half = text.slice(0, cut % text.length)
        expect(redactText(half)).not.toContain(value.slice(0, 12))
      }),
      { numRuns: 5_000 },
    )
  })

  it('hides the secrets of every error made from the text, as printed by inspect and JSON', () => {
    fc.assert(
      fc.property(anyText, ({ value, text }) => {
        const cause = Object.assign(new Error(text), { config: { text } })
        const errors = [
          new IvhApiError(100001, text),
          new IvhTransportError(`No response: ${text}`, { cause }),
          new IvhResponseShapeError([], { Payload: { text }, text }),
          new IvhPluginError('p', 'onOpen', cause),
          new IvhSessionError('creation-failed', text, { cause: text }),
        ]
        for (const error of errors) {
          expectHidden(inspect(error, { depth: 9, showHidden: true }), value)
          expectHidden(
            JSON.stringify({ ...error, message: error.message, stack: error.stack }),
            value,
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  /** Places that inspect omits by default or that have no field name. */
  const places: readonly ((name: string, value: string, text: string) => unknown)[] = [
    (name, value) => {
      let nested: object = { [name]: value }
      for (let depth = 0; depth < 30; depth++) nested = depth % 2 ? [nested] : { nested }
      return nested
    },
    (name, value) => [...Array.from({ length: 150 }, (_, n) => n), { [name]: value }],
    (_name, _value, text) => ({ body: `${'x '.repeat(6_000)} ${text}` }),
    (name, value) => ({
      headers: [
        ['date', 'now'],
        [name, value],
      ],
    }),
    (name, value) => ({ rawHeaders: ['date', 'now', name, value] }),
    (name, value) => new Map([['deep', new Map([[name, value]])]]),
    (name, value) => new Set([new Set([{ [name]: value }])]),
    (_name, _value, text) => new Error('outer', { cause: new Error('inner', { cause: text }) }),
    (name, value) => Object.assign(new Error('x'), { options: { [name]: value } }),
    (_name, _value, text) => new AggregateError([new Error(text)], 'all'),
    (name, value) => new Headers({ [name]: value }),
    (name, value) => ({ query: new URLSearchParams({ [name]: value }) }),
    (name, value) => new URL(`https://h/p?${name}=${asUrl(value)}`),
  ]

  it('hides a secret at any place of a cause or a copy', () => {
    const all = Number.POSITIVE_INFINITY
    const limits = { depth: all, showHidden: true, maxArrayLength: all, maxStringLength: all }
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        secret,
        fc.constantFrom(...forms),
        fc.constantFrom(...places),
        (name, value, form, place) => {
          const thing = place(name, value, form(name, value, '', ''))
          expectHidden(inspect(redact(thing), limits), value)
          const { cause } = new IvhTransportError('x', { cause: thing })
          expectHidden(inspect(cause, limits), value)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('hides the secrets in a log line', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('debug', 'warn', 'error'), ({ value, text }, level) => {
        const memory = createMemoryLogger()
        redactingLogger(memory)[level](text)
        expect(memory.lines).toHaveLength(1)
        expectHidden(memory.lines.join(), value)
      }),
      { numRuns: 500 },
    )
  })

  it('hides the secrets in a JSON value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        anyText,
        fc.constantFrom(...names),
        secret,
        (value, some, name, own) => {
          const shown = JSON.stringify(redact({ value, text: some.text, deep: [{ [name]: own }] }))
          expectHidden(shown, some.value)
          expect(shown).not.toContain(own)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
