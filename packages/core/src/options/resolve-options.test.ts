import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIvhClient } from '../client/create-client'
import { IvhConfigError } from '../errors'
import { createScriptedTransport } from '../testing/scripted-transport'
import type { IvhClientOptions } from './client-options'
import { resolveOptions } from './resolve-options'

const pair = { appKey: 'k', accessToken: 't' }

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('credentials', () => {
  it.each([
    ['appKey', 'IVH_APP_KEY'],
    ['accessToken', 'IVH_ACCESS_TOKEN'],
  ] as const)('take %s from the option, else from %s', (option, variable) => {
    vi.stubEnv(variable, 'from-env')
    expect(resolveOptions({ ...pair, [option]: undefined })[option]).toBe('from-env')
    expect(resolveOptions({ ...pair, [option]: 'given' })[option]).toBe('given')
  })

  it.each([
    ['appKey', 'IVH_APP_KEY'],
    ['accessToken', 'IVH_ACCESS_TOKEN'],
  ] as const)('name both ways to give a missing %s', (option, variable) => {
    vi.stubEnv(variable, undefined)
    for (const value of [undefined, '']) {
      expect(() => createIvhClient({ ...pair, [option]: value })).toThrow(
        `${option} is missing. Pass the option ${option} or set the environment variable ${variable}.`,
      )
    }
  })

  it.each(['a b', 'secret\n', '"quoted" ', 'schlüssel'])(
    'reject %j, and the error does not repeat it',
    (value) => {
      expect(() => createIvhClient({ ...pair, accessToken: value })).toThrow(/IVH_ACCESS_TOKEN/)
      expect(() => createIvhClient({ ...pair, accessToken: value })).not.toThrow(value)
    },
  )
})

describe('the gateway URL', () => {
  const target = (options: IvhClientOptions) => {
    const { origin, basePath } = resolveOptions({ ...pair, ...options })
    return `${origin}|${basePath}`
  }

  it.each([
    [{}, 'https://gw-sg.tvs.qq.com|'],
    [{ region: 'international' }, 'https://gw-sg.tvs.qq.com|'],
    [{ region: 'mainland' }, 'https://gw.tvs.qq.com|'],
    [{ baseUrl: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080|'],
    [{ baseUrl: 'https://ivh.example.com/' }, 'https://ivh.example.com|'],
    [{ baseUrl: 'https://ivh.example.com/proxy//' }, 'https://ivh.example.com|/proxy'],
    [
      { baseUrl: 'https://ivh.example.com/a/b', region: 'mainland' },
      'https://ivh.example.com|/a/b',
    ],
  ] as const)('for %o is %s', (options, expected) => expect(target(options)).toBe(expected))

  it.each([
    'gw.tvs.qq.com',
    'ws://gw.tvs.qq.com',
    '',
    'https://',
    'https://h/?a=1',
    'https://h/#a',
    'https://user@h/',
    'https://:pa55@h/',
  ])('is rejected for baseUrl %j, and the error does not repeat it', (baseUrl) => {
    expect(() => target({ baseUrl })).toThrow(/^baseUrl must be an http:\/\/ or https:\/\/ address/)
    expect(() => target({ baseUrl })).not.toThrow(/pa55/)
  })
})

describe('createIvhClient with untyped options', () => {
  const refused: [string, object, RegExp][] = [
    [
      'an unknown region',
      { region: 'moon' },
      /region "moon" is not known.*international.*mainland/,
    ],
    [
      'an inherited property name as region',
      { region: 'toString' },
      /region "toString" is not known/,
    ],
    [
      'an unknown environment',
      { environment: 'prod' },
      /environment "prod" is not known.*saas.*private/,
    ],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5000'].map(
      (timeoutMs): [string, object, RegExp] => [
        `a timeout of ${timeoutMs}`,
        { timeoutMs },
        /timeoutMs is .*milliseconds/,
      ],
    ),
    [
      'an object that is no dispatcher',
      { dispatcher: {} },
      /dispatcher is not a dispatcher of undici/,
    ],
    ['a misspelt option', { regoin: 'mainland' }, /has no option "regoin"\. Did you mean region/],
    [
      'a misspelt polling option',
      { polling: { concurency: 3 } },
      /polling has no option "concurency"/,
    ],
    [
      'a dispatcher together with a transport',
      { dispatcher: { dispatch() {} }, transport: createScriptedTransport() },
      /dispatcher and transport were both given/,
    ],
  ]
  it.each(refused)('rejects %s', (_name, options, why) => {
    expect(() => createIvhClient({ ...pair, ...options })).toThrow(why)
  })
})

describe('the options headers and query', () => {
  it.each<[IvhClientOptions, RegExp]>([
    [{ headers: { 'Content-Type': 'text/plain' } }, /headers must not contain "Content-Type"/],
    [{ headers: { host: 'elsewhere' } }, /headers must not contain "host"/],
    [{ headers: { 'a b': 'c' } }, /headers must not contain "a b"/],
    [{ headers: { a: 's3cret\r\nb: c' } }, /^The header a must be one line of printable ASCII/],
    [{ query: { Signature: 's' } }, /query must not contain Signature/],
    [{ query: { appkey: 's' } }, /query must not contain appkey/],
    [
      { query: { Language: 'en US' } },
      /query\.Language must not be empty and must need no encoding/,
    ],
    [{ query: { Language: '' } }, /query\.Language must not be empty and must need no encoding/],
    [{ query: { 'a&b': 'c' } }, /query\.a&b must not be empty and must need no encoding/],
  ])('reject %j', (options, message) => {
    const making = () => createIvhClient({ ...pair, ...options })
    expect(making).toThrow(IvhConfigError)
    expect(making).toThrow(message)
    expect(making).not.toThrow(/s3cret/)
  })
})

describe('browser detection', () => {
  it('rejects a browser unless dangerouslyAllowBrowser is set', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(() => createIvhClient(pair)).toThrow(/must not run in a browser.*@ivh-kit\/broker/)
    expect(() => createIvhClient({ ...pair, dangerouslyAllowBrowser: true })).not.toThrow()
  })

  it('treats a Web Worker as a browser', () => {
    vi.stubGlobal('WorkerGlobalScope', class {})
    expect(() => createIvhClient(pair)).toThrow(/must not run in a browser/)
    expect(() => createIvhClient({ ...pair, dangerouslyAllowBrowser: true })).not.toThrow()
  })

  it('names the missing Node globals, even with dangerouslyAllowBrowser', () => {
    vi.stubGlobal('process', { env: {} })
    const options = { ...pair, dangerouslyAllowBrowser: true }
    expect(() => createIvhClient(options)).toThrow(
      'The IVH client needs Node; this runtime lacks process.getBuiltinModule. Run it on Node',
    )
    vi.stubGlobal('process', undefined)
    vi.stubGlobal('Buffer', undefined)
    expect(() => createIvhClient(options)).toThrow(
      /this runtime lacks Buffer and process.getBuiltinModule/,
    )
  })
})

describe('default options', () => {
  it('have the documented values', () => {
    const { createId, ...resolved } = resolveOptions(pair)
    expect(resolved).toMatchObject({ environment: 'saas', plugins: [], timeoutMs: 15_000 })
    expect(createId()).toMatch(/^[0-9a-f]{32}$/)
    expect(createId()).not.toBe(createId())
  })
})
