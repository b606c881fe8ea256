import { afterEach, describe, expect, it, vi } from 'vitest'
import { IvhConfigError } from '../errors'
import { createScriptedTransport } from '../testing/scripted-transport'
import { createIvhClient } from './create-client'
import { type IvhClientOptions, resolveOptions } from './options'

const pair = { appKey: 'k', accessToken: 't' }

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('credentials', () => {
  it.each([
    ['appKey', 'IVH_APP_KEY'],
    ['accessToken', 'IVH_ACCESS_TOKEN'],
  ] as const)('%s may come from %s, and the option wins', (option, variable) => {
    vi.stubEnv(variable, 'from-env')
    expect(resolveOptions({ ...pair, [option]: undefined })[option]).toBe('from-env')
    expect(resolveOptions({ ...pair, [option]: 'given' })[option]).toBe('given')
  })

  it.each([
    ['appKey', 'IVH_APP_KEY'],
    ['accessToken', 'IVH_ACCESS_TOKEN'],
  ] as const)('a missing %s is told with both ways to give it', (option, variable) => {
    vi.stubEnv(variable, undefined)
    for (const value of [undefined, '']) {
      expect(() => createIvhClient({ ...pair, [option]: value })).toThrow(
        `${option} is missing. Pass the option ${option} or set the environment variable ${variable}.`,
      )
    }
  })

  it.each(['a b', 'secret\n', '"quoted" ', 'schlüssel'])(
    'refuses %j without repeating it',
    (value) => {
      expect(() => createIvhClient({ ...pair, accessToken: value })).toThrow(/IVH_ACCESS_TOKEN/)
      expect(() => createIvhClient({ ...pair, accessToken: value })).not.toThrow(value)
    },
  )
})

describe('the gateway', () => {
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
  ] as const)('of %o is %s', (options, expected) => expect(target(options)).toBe(expected))

  it.each([
    'gw.tvs.qq.com',
    'ws://gw.tvs.qq.com',
    '',
    'https://',
    'https://h/?a=1',
    'https://h/#a',
    'https://user@h/',
    'https://:pa55@h/',
  ])('refuses the baseUrl %j without repeating it', (baseUrl) => {
    expect(() => target({ baseUrl })).toThrow(/^baseUrl must be an http:\/\/ or https:\/\/ address/)
    expect(() => target({ baseUrl })).not.toThrow(/pa55/)
  })
})

describe('what a caller without types may give', () => {
  const refused: [string, object, RegExp][] = [
    ['a region', { region: 'moon' }, /region "moon" is not known.*international.*mainland/],
    ['an inherited region', { region: 'toString' }, /region "toString" is not known/],
    ['an environment', { environment: 'prod' }, /environment "prod" is not known.*saas.*private/],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5000'].map(
      (timeoutMs): [string, object, RegExp] => [
        `a time-out of ${timeoutMs}`,
        { timeoutMs },
        /timeoutMs is .*milliseconds/,
      ],
    ),
    [
      'a dispatcher and a transport',
      { dispatcher: {}, transport: createScriptedTransport() },
      /dispatcher and transport were both given/,
    ],
  ]
  it.each(refused)('%s that is wrong is named', (_name, options, why) => {
    expect(() => createIvhClient({ ...pair, ...options })).toThrow(why)
  })
})

describe('what is added to a request', () => {
  it.each<[IvhClientOptions, RegExp]>([
    [{ headers: { 'Content-Type': 'text/plain' } }, /headers has "Content-Type"/],
    [{ headers: { host: 'elsewhere' } }, /headers has "host"/],
    [{ headers: { 'a b': 'c' } }, /headers has "a b"/],
    [{ headers: { a: 's3cret\r\nb: c' } }, /^The header a is no line/],
    [{ query: { Signature: 's' } }, /query has Signature/],
    [{ query: { appkey: 's' } }, /query has appkey/],
    [{ query: { Language: 'en US' } }, /query has "Language"/],
    [{ query: { Language: '' } }, /query has "Language"/],
    [{ query: { 'a&b': 'c' } }, /query has "a&b"/],
  ])('is refused when it cannot be: %j', (options, message) => {
    const making = () => createIvhClient({ ...pair, ...options })
    expect(making).toThrow(IvhConfigError)
    expect(making).toThrow(message)
    expect(making).not.toThrow(/s3cret/)
  })
})

describe('a browser', () => {
  it('is refused, unless the caller insists', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(() => createIvhClient(pair)).toThrow(/must not run in a browser.*@ivh-kit\/broker/)
    expect(() => createIvhClient({ ...pair, dangerouslyAllowBrowser: true })).not.toThrow()
  })

  it('is also a Web Worker, which has neither window nor document', () => {
    vi.stubGlobal('WorkerGlobalScope', class {})
    expect(() => createIvhClient(pair)).toThrow(/must not run in a browser/)
    expect(() => createIvhClient({ ...pair, dangerouslyAllowBrowser: true })).not.toThrow()
  })

  it('that has nothing of Node is told what is missing, also by who insists', () => {
    vi.stubGlobal('process', { env: {} })
    const insisting = { ...pair, dangerouslyAllowBrowser: true }
    expect(() => createIvhClient(insisting)).toThrow(
      'The IVH client needs Node, and here is no process.getBuiltinModule. Run it on Node',
    )
    vi.stubGlobal('process', undefined)
    vi.stubGlobal('Buffer', undefined)
    expect(() => createIvhClient(insisting)).toThrow(
      /here is no Buffer and no process.getBuiltinModule/,
    )
  })
})

describe('defaults', () => {
  it('are those that the documentation names', () => {
    const { createId, ...resolved } = resolveOptions(pair)
    expect(resolved).toMatchObject({ environment: 'saas', plugins: [], timeoutMs: 15_000 })
    expect(createId()).toMatch(/^[0-9a-f]{32}$/)
    expect(createId()).not.toBe(createId())
  })
})
