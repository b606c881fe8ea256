import { describe, expect, it } from 'vitest'
import { createQuerySigner, sign, signedQuery, stringToSign } from './sign-query'

const published = {
  appkey: 'e38267c0e86411ebb02aed82acb0ed99',
  token: 'f68f2d10ae9e4604b76fb05cf46bccec',
  timestamp: '1646636485',
}
const example = {
  appkey: 'example_appkey',
  token: 'example_accesstoken',
  timestamp: '1717639699',
}

const vectors = [
  [
    'V1, published on 1211/62100',
    { appkey: published.appkey, timestamp: published.timestamp },
    published.token,
    'appkey=e38267c0e86411ebb02aed82acb0ed99&timestamp=1646636485',
    'BfWuaC9kmaicCggXc693uK+sZQ8qe88O4HVQNTdwZuo=',
  ],
  [
    'V2, published on 1240/107197',
    { appkey: example.appkey, timestamp: example.timestamp },
    example.token,
    'appkey=example_appkey&timestamp=1717639699',
    'aCNWYzZdplxWVo+JsqzZc9+J9XrwWWITfX3eQpsLVno=',
  ],
  [
    'V3, the WebSocket form',
    { timestamp: example.timestamp, requestid: 'm123', appkey: example.appkey },
    example.token,
    'appkey=example_appkey&requestid=m123&timestamp=1717639699',
    'YKdLRVmUGl1q/1MMsD204gBCAOITG4tWDbBARjfpXMY=',
  ],
  [
    'V4, the WebSocket form of the published pair',
    {
      appkey: published.appkey,
      requestid: 'm318552187863054171',
      timestamp: published.timestamp,
    },
    published.token,
    'appkey=e38267c0e86411ebb02aed82acb0ed99&requestid=m318552187863054171&timestamp=1646636485',
    'FeMs5o/VGz+1Dbg5Kc1VLHunFSyYhx+0HS1GMBvDhso=',
  ],
  [
    'V6, the WebSocket form published on 1240/107197 (example 2)',
    { appkey: example.appkey, requestid: 'example_requestid', timestamp: example.timestamp },
    example.token,
    'appkey=example_appkey&requestid=example_requestid&timestamp=1717639699',
    'QVenICk0VHtHGYZKXM6IC+W1CjZC1joSr/x0gfKKYT4=',
  ],
  [
    'V5, an upper-case name sorts first',
    {
      appkey: example.appkey,
      requestid: 'm123',
      timestamp: example.timestamp,
      Language: 'en-US',
    },
    example.token,
    'Language=en-US&appkey=example_appkey&requestid=m123&timestamp=1717639699',
    'fNIk5G4/r3CDnxS1NIMLzrO6Dl9kvKlJUXrHOFwYN8A=',
  ],
] as const

describe('query signatures', () => {
  it.each(vectors)('match the vector %s', (_name, parameters, token, text, signature) => {
    expect(stringToSign(parameters)).toBe(text)
    expect(sign(parameters, token)).toBe(signature)
  })

  it('are percent-encoded in the query', () => {
    const query = signedQuery(
      { appkey: example.appkey, timestamp: example.timestamp },
      example.token,
    )
    expect(query).toBe(
      'appkey=example_appkey&timestamp=1717639699&signature=aCNWYzZdplxWVo%2BJsqzZc9%2BJ9XrwWWITfX3eQpsLVno%3D',
    )
    expect(new URLSearchParams(query).get('signature')).toBe(vectors[1][4])
  })

  it('never cover another signature', () => {
    const bare = { appkey: 'k', timestamp: '1' }
    const signed = { ...bare, signature: 'old' }
    expect(stringToSign(signed)).toBe('appkey=k&timestamp=1')
    expect(signedQuery(signed, 't')).toBe(signedQuery(bare, 't'))
  })
})

describe('createQuerySigner', () => {
  it('signs once per second, also when the clock goes back', () => {
    let now = 1_717_639_699_000
    let made = 0
    const signer = createQuerySigner({
      appKey: example.appkey,
      get accessToken() {
        made += 1
        return example.token
      },
      now: () => now,
    })
    const first = signer()
    now += 999
    expect(signer()).toBe(first)
    expect(made).toBe(1)
    now += 1
    expect(signer()).toContain('timestamp=1717639700&')
    expect(made).toBe(2)
    now -= 1
    expect(signer()).toBe(first)
    expect(made).toBe(3)
  })
})
