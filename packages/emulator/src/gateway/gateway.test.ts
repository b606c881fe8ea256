import { describe, expect, it } from 'vitest'
import { paths, readAnswer, reqId, setUpAccount } from '../testing/account'

const unknownSession = { Header: {}, Payload: { ReqId: reqId, SessionId: 'm1' } }

describe('envelope', () => {
  it('has the five header fields and the payload in a response', async () => {
    const { create } = setUpAccount()
    const { Header, Payload, httpStatus } = await create()
    expect(httpStatus).toBe(200)
    expect(Header).toEqual({
      Code: 0,
      Message: '',
      RequestID: expect.stringMatching(/^gz[0-9a-f]{24}$/),
      SessionID: expect.stringMatching(/^gz[0-9a-f]{24}$/),
      DialogID: '',
    })
    expect(Header.RequestID).not.toBe(Header.SessionID)
    expect(Payload).toEqual({
      ReqId: reqId,
      SessionId: expect.stringMatching(/^m\d{15,20}$/),
      SessionStatus: 3,
      PlayStreamAddr: `rtmp://liveplay.ivh.qq.com/live/${Payload.SessionId}`,
    })
  })

  it('has HTTP status 200 with a business error', async () => {
    const { call } = setUpAccount()
    expect(await call('statSession', { SessionId: 'm1' })).toMatchObject({
      httpStatus: 200,
      Code: 110018,
      Message:
        'SessionNotFound:there is no session m1: use the SessionId from the response to the create',
      Payload: {},
    })
  })

  it('names the next step in the message about an ended session', async () => {
    const { call, open } = setUpAccount()
    const first = await open()
    const second = await open()
    expect((await call('startSession', { SessionId: first })).Message).toMatch(
      /with this UserId; continue with the other session, or give every client its own UserId$/,
    )
    await call('closeSession', { SessionId: second })
    expect((await call('startSession', { SessionId: second })).Message).toMatch(
      /closed by closesession; create another session$/,
    )
  })

  it.each([
    ['text', 'hello', 'the body is not JSON'],
    ['nothing', '', 'the body is empty; send {"Header": {}, "Payload": {…}}'],
    ['no Payload', JSON.stringify({ Header: {} }), 'Payload missing'],
    ['a bare payload', JSON.stringify(unknownSession.Payload), 'the body must be'],
    ['an array', '[]', 'the body must be'],
  ])('refuses a request: %s', async (_what, body, message) => {
    const { post } = setUpAccount()
    const answer = await post(paths.statSession, body)
    expect(answer).toMatchObject({ httpStatus: 200, Code: 100001 })
    expect(answer.Message).toContain(message)
  })

  it.each([
    ['no Header', {}, 'a request without Header'],
    ['an array as Header, as a PHP client sends it', { Header: [] }, 'a Header that is an array'],
  ])('accepts and logs once: %s', async (_what, header, text) => {
    const { gateway, post } = setUpAccount()
    const body = JSON.stringify({ ...header, Payload: unknownSession.Payload })
    for (let count = 0; count < 2; count++) {
      expect(await post(paths.statSession, body)).toMatchObject({ Code: 110018 })
    }
    expect(gateway.events.map((event) => event.text)).toEqual([
      `accepted: ${text}; the documents show "Header": {}`,
    ])
  })

  it.each([[''], [null], [1]])('refuses the Header %j', async (Header) => {
    const { post } = setUpAccount()
    const body = JSON.stringify({ ...unknownSession, Header })
    expect(await post(paths.statSession, body)).toMatchObject({ Code: 100001 })
  })

  it('may have a RequestID in the header of a request', async () => {
    const { post } = setUpAccount()
    const body = JSON.stringify({ ...unknownSession, Header: { RequestID: 'mine' } })
    expect(await post(paths.statSession, body)).toMatchObject({ Code: 110018 })
  })

  it('may have 1 MiB; a larger one is refused', async () => {
    const { post } = setUpAccount()
    const body = (length: number) => {
      const text = JSON.stringify(unknownSession)
      return text + ' '.repeat(length - text.length)
    }
    expect(await post(paths.statSession, body(1024 * 1024))).toMatchObject({ Code: 110018 })
    expect(await post(paths.statSession, body(1024 * 1024 + 1))).toMatchObject({
      Code: 100001,
      Message: 'InvalidParameter:the body is larger than 1048576 bytes',
    })
  })
})

describe('ReqId', () => {
  it.each(Object.keys(paths) as (keyof typeof paths)[])('is required by %s', async (name) => {
    const { call } = setUpAccount()
    const answer = await call(name, { ReqId: undefined })
    expect(answer).toMatchObject({ Code: 100001 })
    expect(answer.Message).toContain('Payload.ReqId is required')
  })

  it.each([
    ['with dashes', '0f6c1d2e-3b4a-5968-7786-958493a2b1c0'],
    ['too short', 'abc123'],
    ['too long', `${reqId}0`],
    ['not hexadecimal', 'z'.repeat(32)],
  ])('refuses an id %s', async (_what, ReqId) => {
    const { call } = setUpAccount()
    const answer = await call('statSession', { ReqId, SessionId: 'm1' })
    expect(answer).toMatchObject({ Code: 100001 })
    expect(answer.Message).toContain('Payload.ReqId must be 32 hexadecimal characters')
  })

  it('is returned in the response', async () => {
    const { call, create } = setUpAccount()
    const ReqId = '0F6C1D2E3B4A59687786958493A2B1C0'
    const { SessionId } = (await create({ ReqId })).Payload
    expect((await call('statSession', { ReqId, SessionId })).Payload.ReqId).toBe(ReqId)
    expect((await call('closeSession', { ReqId, SessionId })).Payload).toEqual({ ReqId })
  })
})

describe('payload', () => {
  it.each([
    ['a protocol in upper case', { Protocol: 'RTMP' }, 'Payload.Protocol must be'],
    ['DriverType 2 of the old API', { DriverType: 2 }, 'Payload.DriverType must be'],
    ['an empty UserId', { UserId: '' }, 'Payload.UserId must not be empty'],
    ['a speed of the live-room API', { SpeechParam: { Speed: 1.5 } }, 'Speed must be 50–200'],
    [
      'a push URL without signature',
      { ProtocolOption: { CssCustomPushUrl: 'rtmp://push.example.com/live/m1' } },
      'CssCustomPushUrl has no txSecret',
    ],
    [
      'six layers',
      { Backgrounds: Array.from({ length: 6 }, () => ({ Url: 'https://img.example.com/a.png' })) },
      '5 layers together',
    ],
  ])('refuses a payload with %s', async (_what, payload, message) => {
    const { create, gateway } = setUpAccount()
    const answer = await create(payload)
    expect(answer).toMatchObject({ Code: 100001 })
    expect(answer.Message).toMatch(/^InvalidParameter:bad request parameter: Payload\./)
    expect(answer.Message).toContain(message)
    expect(gateway.sessions).toEqual([])
  })

  it('has a project instead of an asset for createsession', async () => {
    const { call, gateway } = setUpAccount()
    const common = { UserId: 'u', Protocol: 'webrtc', DriverType: 3 }
    const byProject = { ...common, VirtualmanProjectId: 'p1' }
    expect(await call('createSession', byProject)).toMatchObject({ Code: 0 })
    expect(gateway.sessions).toMatchObject([
      { avatar: 'p1', createType: 'project', protocol: 'webrtc', driverType: 3 },
    ])
    expect(await call('createSession', { ...common, VirtualmanKey: 'p2' })).toMatchObject({
      Code: 0,
    })
    expect(gateway.sessions).toMatchObject([{ avatar: 'p1' }, { avatar: 'p2' }])
  })

  it('may have a SessionId in a private deployment only', async () => {
    const saas = setUpAccount()
    const refused = await saas.create({ SessionId: 'kiosk-7' })
    expect(refused).toMatchObject({ Code: 100001 })
    expect(refused.Message).toContain('only environment: "private" takes it')

    const own = setUpAccount({ environment: 'private' })
    expect((await own.create({ SessionId: 'kiosk-7' })).Payload.SessionId).toBe('kiosk-7')
    expect(await own.create({ SessionId: 'kiosk-7', UserId: 'u2' })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining('a session with the SessionId kiosk-7 is open already'),
    })
    await own.call('closeSession', { SessionId: 'kiosk-7' })
    expect(await own.create({ SessionId: 'kiosk-7' })).toMatchObject({ Code: 0 })
    expect(own.gateway.sessions).toHaveLength(1)
  })

  it('limits a text in bytes, not in characters', async () => {
    const { open, say } = setUpAccount()
    const id = await open()
    expect(await say(id, { Text: '数'.repeat(1333) })).toMatchObject({ Code: 0 })
    expect(await say(id, { Text: '数'.repeat(1334) })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining('at most 4000 bytes'),
    })
  })
})

describe('routes', () => {
  it('refuse an unknown path', async () => {
    const { post } = setUpAccount()
    expect(await post('/v2/ivh/createsession', '{}')).toMatchObject({
      httpStatus: 404,
      Code: 100001,
      Message: expect.stringContaining(
        'POST /v2/ivh/createsession is not an endpoint of this emulator; did you mean /v2/ivh/session',
      ),
    })
  })

  it('refuse GET on an endpoint', async () => {
    const { gateway } = setUpAccount()
    const response = await gateway.fetch(new Request(`http://emulator.test${paths.statSession}`))
    const { httpStatus, Message } = await readAnswer(response)
    expect(httpStatus).toBe(404)
    expect(Message).toContain('is called with POST')
  })

  it('log unknown paths and too large bodies', async () => {
    const { post, gateway, query } = setUpAccount()
    await post(`/v2/${'x'.repeat(5_000)}`, '{}')
    await post(paths.statSession, ' '.repeat(1024 * 1024 + 1))
    await gateway.fetch(new Request(`http://emulator.test${paths.statSession}?${query()}`))
    const [path, body, method] = gateway.events.map(({ text }) => text)
    expect(path).toMatch(/^refused: POST \/v2\/x+… \[cut, \d+ characters\]$/)
    expect(body).toBe(`POST ${paths.statSession} refused: the body is larger than 1048576 bytes`)
    expect(method).toBe(`refused: GET ${paths.statSession} is called with POST`)
  })

  it('answer with the Date of the emulator’s clock', async () => {
    const { gateway, send, time, query } = setUpAccount()
    const date = new Date(time.now).toUTCString()
    const later = new Date(time.now + 60_000).toUTCString()
    gateway.faults.plan([{ status: 503 }, { clockSkewMs: 60_000 }])
    const dateOf = async (...args: Parameters<typeof send>) =>
      (await send(...args)).headers.get('date')
    expect(await dateOf(paths.statSession, '{}')).toBe(date)
    expect(await dateOf(paths.statSession, '{}')).toBe(later)
    expect(await dateOf('/nowhere', '{}')).toBe(date)
    const badHeader = { 'x-ivh-emulator': 'not JSON' }
    expect(await dateOf(paths.statSession, '{}', query(), badHeader)).toBe(date)
    const refused = await gateway.admitChannel('http://emulator.test/nowhere')
    if (refused.kind !== 'refused') throw new Error('the channel was opened')
    expect(refused.response.headers.get('date')).toBe(date)
  })

  it('list the sessions', async () => {
    const { gateway, create } = setUpAccount()
    await create()
    const response = await gateway.fetch(new Request('http://emulator.test/__emulator/sessions'))
    expect(await response.json()).toMatchObject({
      sessions: [{ userId: 'kiosk-1', status: 3, avatar: 'presenter' }],
    })
    const home = await gateway.fetch(new Request('http://emulator.test/'))
    expect(await home.text()).toContain('IVH emulator')
  })
})
