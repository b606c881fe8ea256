import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { handSigned, paths, reqId, setUpAccount } from './testing/account'
import { channelUrl, setUpChannel } from './testing/channel'

/** A token of the form that the console gives. */
const token = 'f68f2d10ae9e4604b76fb05cf46bccec'

// These are mistakes of public programs for this API. The emulator answers each one with a message that
// explains the mistake.
describe('against mistakes of public integrations, the emulator', () => {
  it('explains a signature of a query that was not sorted', async () => {
    const { post, time } = setUpAccount()
    const unsorted = `timestamp=${time.now / 1000}&appkey=emulator-appkey`
    const search = `${unsorted}&signature=${handSigned(unsorted, 'emulator-accesstoken')}`
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })
    expect(await post(paths.listSessionOfUin, body, search)).toMatchObject({
      Code: 100005,
      Message: expect.stringContaining('sorted'),
    })
  })

  it('explains a signature that is not percent-encoded', async () => {
    const { post, time } = setUpAccount()
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })
    const bare = () => {
      const text = `appkey=emulator-appkey&timestamp=${Math.floor(time.now / 1000)}`
      return {
        text,
        signature: decodeURIComponent(handSigned(text, 'emulator-accesstoken')),
      }
    }
    // Only a "+" makes the signature fail, so the mistake is easy to miss.
    while (!bare().signature.includes('+')) time.tick(1_000)
    const { text, signature } = bare()
    const answer = await post(paths.listSessionOfUin, body, `${text}&signature=${signature}`)
    expect(answer.Message).toContain('a "+" must be sent as %2B')
  })

  it.each<[how: string, sign: (text: string) => string, why: string]>([
    [
      'in hexadecimal',
      (text) => createHmac('sha256', token).update(text).digest('hex'),
      'it is hexadecimal; base64 is needed',
    ],
    [
      'that is percent-encoded twice',
      (text) => encodeURIComponent(handSigned(text, token)),
      'it was percent-encoded twice',
    ],
    [
      'in base64url',
      (text) => createHmac('sha256', token).update(text).digest('base64url'),
      'it is base64url or has lost its "="',
    ],
    [
      'of a part of the query',
      (text) => handSigned(text.replace(/&timestamp.*/, ''), token),
      'the parameter timestamp was left out of what is signed',
    ],
    [
      'of another text',
      (text) => handSigned(`${text}&body`, token),
      'HMAC-SHA256(access token, "appkey=emulator-appkey&timestamp=',
    ],
  ])('explains a signature %s', async (_how, sign, why) => {
    const { post, time } = setUpAccount({ accessToken: token })
    const text = `appkey=emulator-appkey&timestamp=${time.now / 1000}`
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })
    const answer = await post(paths.listSessionOfUin, body, `${text}&signature=${sign(text)}`)
    expect(answer).toMatchObject({ Code: 100005, Message: expect.stringContaining(why) })
    expect(answer.Message).not.toContain(token)
  })

  it('explains a signature with an access token that was decoded from hexadecimal', async () => {
    const { post, time } = setUpAccount({ accessToken: token })
    const text = `appkey=emulator-appkey&timestamp=${time.now / 1000}`
    const digest = createHmac('sha256', Buffer.from(token, 'hex')).update(text).digest('base64')
    const search = `${text}&signature=${encodeURIComponent(digest)}`
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })
    expect((await post(paths.listSessionOfUin, body, search)).Message).toContain(
      'the access token is used as text',
    )
  })

  it('reports a misspelt field together with the missing field', async () => {
    const { call } = setUpAccount()
    expect((await call('statSession', { sessionId: 'm1' })).Message).toMatch(
      /Payload\.SessionId is required \(string\); Payload\.sessionId is not a field/,
    )
  })

  it.each([
    ['createSession', 'did you mean /v2/ivh/sessionmanager/sessionmanagerservice/createsession?'],
    ['newsession', 'and end in createsession, '],
  ])('suggests the right path for a path that ends in %s', async (name, why) => {
    const { post, query } = setUpAccount()
    const path = `/v2/ivh/streammanager/streamservice/${name}`
    const answer = await post(path, '{}', query())
    expect(answer).toMatchObject({ httpStatus: 404, Message: expect.stringContaining(why) })
  })

  it('reports the access token of another account without showing the token', async () => {
    const { post, time } = setUpAccount()
    const text = `appkey=emulator-appkey&timestamp=${time.now / 1000}`
    const search = `${text}&signature=${handSigned(text, 'a-token-from-a-repository')}`
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })
    const { Code, Message } = await post(paths.listSessionOfUin, body, search)
    expect(Code).toBe(100005)
    expect(Message).toContain('the signature does not match')
    expect(Message).not.toContain('a-token-from-a-repository')
  })

  it('asks to close an open session when its client has only stopped polling', async () => {
    const { create, call, time } = setUpAccount({ concurrency: 1, prepareMs: 90_000 })
    const { SessionId } = (await create({ UserId: 'first' })).Payload
    for (let poll = 0; poll < 10; poll++) {
      await time.tickAsync(2_000)
      await call('statSession', { SessionId })
    }
    expect(await create({ UserId: 'second' })).toMatchObject({
      Code: 100008,
      Message: expect.stringMatching(
        /^LimitExceeded:1 of 1 concurrent sessions are in use: close one with closesession/,
      ),
    })
    expect((await call('listSessionOfUin', {})).Payload.Sessions).toMatchObject([{ SessionId }])
    await call('closeSession', { SessionId })
    expect(await create({ UserId: 'second' })).toMatchObject({ Code: 0 })
  })

  it.each([3_900, 4_000])(
    'names the limit in bytes when a text is cut after %i characters',
    async (length) => {
      const { open, say } = setUpAccount()
      const text = '数字人'.repeat(2_000).slice(0, length)
      expect(await say(await open(), { Text: text })).toMatchObject({
        Code: 100001,
        Message: expect.stringContaining('at most 4000 bytes of UTF-8'),
      })
    },
  )

  it('explains a random UUID as the requestid of the WebSocket', async () => {
    const { gateway, open, time } = setUpAccount()
    await open()
    for (const requestId of [randomUUID(), randomUUID().replaceAll('-', '')]) {
      const admission = await gateway.admitChannel(channelUrl(time.now, requestId))
      if (admission.kind !== 'refused') throw new Error('the channel was opened')
      expect(await admission.response.json()).toMatchObject({
        Header: { Message: expect.stringContaining('must be the SessionId, not a fresh UUID') },
      })
    }
  })

  it('asks to poll statsession when startsession comes before the session is ready', async () => {
    const { create, call, time } = setUpAccount({ prepareMs: 90_000 })
    const { SessionId } = (await create()).Payload
    await time.tickAsync(2_000)
    expect(await call('startSession', { SessionId })).toMatchObject({
      Code: 110014,
      Message: expect.stringContaining('still being prepared; poll statsession'),
    })
  })

  it('returns the same code again when an error that cannot be retried is retried', async () => {
    const { call, create, open, say } = setUpAccount()
    const SessionId = await open()
    await call('closeSession', { SessionId })
    for (const _attempt of [1, 2]) {
      expect(await say(SessionId)).toMatchObject({
        Code: 110013,
        Message: expect.stringContaining('is closed'),
      })
      expect(await say('m404')).toMatchObject({
        Code: 110018,
        Message: expect.stringContaining('there is no session'),
      })
      expect(await create({ DriverType: 2 })).toMatchObject({ Code: 100001 })
    }
    const none = setUpAccount({ concurrency: 0 })
    for (const _attempt of [1, 2]) {
      expect(await none.create()).toMatchObject({ Code: 100014 })
    }
  })

  it('shows no part of a key in the control API', async () => {
    const set = await setUpChannel({
      appKey: 'emulator-appkey',
      accessToken: 'emulator-accesstoken',
    })
    const read = async (path: string) =>
      (await set.gateway.fetch(new Request(`http://emulator.test/__emulator/${path}`))).text()
    const shown = await Promise.all(['calls', 'events', 'sessions', 'clock', 'faults'].map(read))
    expect(shown.join('')).not.toContain('emulator-access')
    expect(shown.join('')).not.toMatch(/signature/i)
  })

  it('refuses a SessionId that belongs to another visitor', async () => {
    const { channel, call } = await setUpChannel()
    channel.send('SEND_TEXT', reqId, { Text: 'Hello' }, { SessionId: 'm-of-somebody-else' })
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('the session of this channel') },
    ])
    expect(await call('closeSession', { SessionId: 'm-of-somebody-else' })).toMatchObject({
      Code: 110018,
      Message: expect.stringContaining('there is no session'),
    })
  })
})
