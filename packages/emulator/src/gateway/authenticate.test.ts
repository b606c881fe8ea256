import { createFakeClock } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { handSigned, paths, readAnswer, reqId, setUpAccount } from '../testing/account'
import { createGateway } from './gateway'

const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId, SessionId: 'm1' } })
/** Code of a response after successful authentication: the session in the body does not exist. */
const passed = 110018

describe('signature', () => {
  // The two published vectors (1211/62100 and 1240/100386; 1240/107197 and 1211/62053).
  it.each([
    {
      appKey: 'e38267c0e86411ebb02aed82acb0ed99',
      accessToken: 'f68f2d10ae9e4604b76fb05cf46bccec',
      timestamp: 1646636485,
      signature: 'BfWuaC9kmaicCggXc693uK%2BsZQ8qe88O4HVQNTdwZuo%3D',
    },
    {
      appKey: 'example_appkey',
      accessToken: 'example_accesstoken',
      timestamp: 1717639699,
      signature: 'aCNWYzZdplxWVo%2BJsqzZc9%2BJ9XrwWWITfX3eQpsLVno%3D',
    },
  ])('accepts the published vector of $appKey at its time', async (vector) => {
    const { appKey, accessToken, timestamp, signature } = vector
    const { clock } = createFakeClock(timestamp * 1000)
    const gateway = createGateway({ appKey, accessToken, clock })
    const search = (sent: string) => `appkey=${appKey}&timestamp=${timestamp}&signature=${sent}`
    const send = async (sent: string) => {
      const url = `http://emulator.test${paths.statSession}?${search(sent)}`
      return readAnswer(await gateway.fetch(new Request(url, { method: 'POST', body })))
    }
    expect(await send(signature)).toMatchObject({ Code: passed })
    expect(await send(signature.replace(/^./, 'x'))).toMatchObject({
      httpStatus: 200,
      Code: 100005,
      Message: expect.stringContaining('the signature does not match'),
    })
  })

  it('does not depend on the order of the query', async () => {
    const { post, query } = setUpAccount()
    const reversed = query().split('&').reverse().join('&')
    expect(await post(paths.statSession, body, reversed)).toMatchObject({ Code: passed })
  })

  it('covers parameters beyond the two, sorted by code unit', async () => {
    const { post, time } = setUpAccount()
    const timestamp = time.now / 1000
    const extra = (text: string) =>
      post(
        paths.statSession,
        body,
        `appkey=emulator-appkey&timestamp=${timestamp}&Language=en-US&signature=${handSigned(text, 'emulator-accesstoken')}`,
      )
    const sorted = `Language=en-US&appkey=emulator-appkey&timestamp=${timestamp}`
    const unsigned = `appkey=emulator-appkey&timestamp=${timestamp}`
    expect(await extra(sorted)).toMatchObject({ Code: passed })
    expect(await extra(unsigned)).toMatchObject({ Code: 100005 })
  })

  it('refuses a signature of another token', async () => {
    const { post, time } = setUpAccount()
    const text = `appkey=emulator-appkey&timestamp=${time.now / 1000}`
    const search = `${text}&signature=${handSigned(text, 'another-token')}`
    expect((await post(paths.statSession, body, search)).Message).toMatch(
      /^UnauthorizedOperation:the signature does not match/,
    )
  })

  it('refuses a signature without percent-encoding and gives the reason', async () => {
    const { post, time } = setUpAccount()
    // About every second signature contains a "+", so the test tries timestamps until one does.
    for (;;) {
      const text = `appkey=emulator-appkey&timestamp=${Math.floor(time.now / 1000)}`
      const signature = decodeURIComponent(handSigned(text, 'emulator-accesstoken'))
      if (signature.includes('+')) {
        const answer = await post(paths.statSession, body, `${text}&signature=${signature}`)
        expect(answer).toMatchObject({ Code: 100005 })
        expect(answer.Message).toContain('a "+" must be sent as %2B')
        return
      }
      time.tick(1_000)
    }
  })
})

describe('timestamp', () => {
  const at = async (offsetSeconds: number) => {
    const { post, time } = setUpAccount()
    const text = `appkey=emulator-appkey&timestamp=${time.now / 1000 + offsetSeconds}`
    return post(
      paths.statSession,
      body,
      `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`,
    )
  }

  it.each([-300, -1, 0, 1, 300])(
    'accepts a timestamp %i s away from the server’s time',
    async (offset) => {
      expect(await at(offset)).toMatchObject({ Code: passed })
    },
  )

  it.each([
    [-301, 'the timestamp is 301 s behind the server; 300 s are allowed'],
    [301, 'the timestamp is 301 s ahead of the server; 300 s are allowed'],
  ])('refuses a timestamp %i s away from the server’s time', async (offset, message) => {
    const answer = await at(offset)
    expect(answer).toMatchObject({ Code: 100005 })
    expect(answer.Message).toContain(message)
  })

  it.each(['1767225600000', '2026-01-01', '-5', '1.5'])('refuses the format %s', async (text) => {
    const { post } = setUpAccount()
    const search = `appkey=emulator-appkey&timestamp=${text}&signature=x`
    expect((await post(paths.statSession, body, search)).Message).toContain(
      'must be Unix seconds in decimal',
    )
  })
})

describe('query parameters', () => {
  it.each(['appkey', 'timestamp', 'signature'])('names a missing %s', async (name) => {
    const { post, query } = setUpAccount()
    const parts = query().split('&')
    const without = parts.filter((part) => !part.startsWith(`${name}=`)).join('&')
    expect(await post(paths.statSession, body, without)).toMatchObject({
      Code: 100005,
      Message: `UnauthorizedOperation:the query parameter ${name} is missing`,
    })
  })

  it('refuses more than fifty parameters before any other check', async () => {
    const { post, query } = setUpAccount()
    const search = (count: number) =>
      `${query().replace(/signature=.*/, 'signature=x')}${'&p=1'.repeat(count - 3)}`
    expect((await post(paths.statSession, body, search(50))).Message).toContain(
      'the signature does not match',
    )
    expect(await post(paths.statSession, body, search(51))).toMatchObject({
      Code: 100005,
      Message: 'UnauthorizedOperation:the query has 51 parameters; at most 50 are allowed',
    })
  })

  it('refuses another app key', async () => {
    const { post, query } = setUpAccount()
    const search = query().replace('emulator-appkey', 'other')
    expect((await post(paths.statSession, body, search)).Message).toContain(
      'appkey is not the one that',
    )
  })
})

describe('authFailure', () => {
  it('replaces the response to every failed authentication check', async () => {
    const { post, query } = setUpAccount({ authFailure: { status: 401, code: 100001 } })
    expect(await post(paths.statSession, body, 'appkey=emulator-appkey')).toMatchObject({
      httpStatus: 401,
      Code: 100001,
      Payload: {},
    })
    expect(await post(paths.statSession, body, query())).toMatchObject({
      httpStatus: 200,
      Code: passed,
    })
  })
})
