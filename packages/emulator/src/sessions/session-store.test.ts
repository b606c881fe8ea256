import { createFakeClock } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { commonRequest } from '../gateway/create-request'
import { resolveGatewayOptions } from '../options'
import { EventLog } from '../record/event-log'
import { setUpAccount } from '../testing/account'
import { id } from '../testing/channel'
import { externalTrtc, userSigOf } from '../testing/trtc'
import { SessionStore } from './session-store'

describe('preparing', () => {
  it('lasts prepareMs on the injected clock', async () => {
    const { create, call, time } = setUpAccount({ prepareMs: 90_000 })
    const { SessionId, SessionStatus } = (await create()).Payload
    expect(SessionStatus).toBe(3)
    const stat = async () => (await call('statSession', { SessionId })).Payload.SessionStatus
    await time.tickAsync(89_999)
    expect(await stat()).toBe(3)
    await time.tickAsync(1)
    expect(await stat()).toBe(1)
  })

  it('ends at once with prepareMs 0', async () => {
    const { create } = setUpAccount({ prepareMs: 0 })
    const { SessionId, ...rest } = (await create()).Payload
    expect(rest).toMatchObject({
      SessionStatus: 1,
      PlayStreamAddr: `rtmp://liveplay.ivh.qq.com/live/${SessionId}`,
    })
  })

  it('has no idle time', async () => {
    const { create, call, time } = setUpAccount({ prepareMs: 700_000, idleTimeoutMs: 600_000 })
    const { SessionId } = (await create()).Payload
    await time.tickAsync(650_000)
    expect((await call('statSession', { SessionId })).Payload.SessionStatus).toBe(3)
  })
})

describe('PlayStreamAddr', () => {
  const address = async (payload: object, options = {}) => {
    const { create, call, time } = setUpAccount(options)
    const created = (await create(payload)).Payload
    await time.tickAsync(1_000)
    const { SessionId } = created
    const stat = (await call('statSession', { SessionId })).Payload
    return { created, stat, SessionId: String(SessionId) }
  }

  it('is present while preparing and afterwards', async () => {
    const { created, stat, SessionId } = await address({})
    expect(created).toMatchObject({
      SessionStatus: 3,
      PlayStreamAddr: `rtmp://liveplay.ivh.qq.com/live/${SessionId}`,
    })
    expect(stat.PlayStreamAddr).toBe(created.PlayStreamAddr)
  })

  it('is absent while preparing without playUrlWhilePreparing', async () => {
    const { created, stat, SessionId } = await address({}, { playUrlWhilePreparing: false })
    expect(created).not.toHaveProperty('PlayStreamAddr')
    expect(stat.PlayStreamAddr).toBe(`rtmp://liveplay.ivh.qq.com/live/${SessionId}`)
  })

  it('follows the protocol and playDomain', async () => {
    const webrtc = await address({ Protocol: 'webrtc' }, { playDomain: 'play.test' })
    expect(webrtc.stat.PlayStreamAddr).toBe(`webrtc://play.test/live/${webrtc.SessionId}`)
  })

  it('has the room id as its host and four query parameters for `trtc`', async () => {
    const { stat } = await address({ Protocol: 'trtc', ProtocolOption: { TrtcRoomId: 42 } })
    const url = new URL(String(stat.PlayStreamAddr))
    expect(url.host).toBe('42')
    expect([...url.searchParams.keys()]).toEqual([
      'appId',
      'userSig',
      'privateMapKey',
      'virtualManUserId',
    ])
    expect(url.searchParams.get('virtualManUserId')).toBe('kiosk-1')
    const platform = await address({ Protocol: 'trtc' })
    expect(String(platform.stat.PlayStreamAddr)).toMatch(/^room:\/\/\d{1,10}\?/)
  })

  it('names the caller’s own TRTC app without credentials', async () => {
    const { stat } = await address({ Protocol: 'trtc', ProtocolOption: externalTrtc() })
    expect(stat.PlayStreamAddr).toBe('room://42?appId=1400000001&virtualManUserId=kiosk-1')
  })

  it('is a valid address for any room name of trtc', async () => {
    const TrtcStrRoomId = 'Lobby 1/数字人?#a@b'
    const { stat } = await address({ Protocol: 'trtc', ProtocolOption: { TrtcStrRoomId } })
    const [, host = ''] = /^room:\/\/([^?]*)\?/.exec(String(stat.PlayStreamAddr)) ?? []
    expect(decodeURIComponent(host)).toBe(TrtcStrRoomId)
    expect(new URL(String(stat.PlayStreamAddr)).searchParams.get('appId')).toBe('1400000000')
  })

  it('is absent with the caller’s own push URL, also in a ready session', async () => {
    const CssCustomPushUrl = `rtmp://push.test/live/m1?txSecret=${'a'.repeat(32)}&txTime=7FFFFFFF`
    const { created, stat } = await address({ ProtocolOption: { CssCustomPushUrl } })
    expect(stat.SessionStatus).toBe(1)
    expect(created).not.toHaveProperty('PlayStreamAddr')
    expect(stat).not.toHaveProperty('PlayStreamAddr')
  })
})

describe('startsession', () => {
  it('starts a ready session, and may be called again', async () => {
    const { create, call, say, time } = setUpAccount()
    const { SessionId } = (await create()).Payload
    await time.tickAsync(1_000)
    expect(await call('startSession', { SessionId })).toMatchObject({ Code: 0 })
    expect(await call('startSession', { SessionId })).toMatchObject({ Code: 0 })
    expect((await call('statSession', { SessionId })).Payload.IsSessionStarted).toBe(true)
    expect(await say(String(SessionId))).toMatchObject({ Code: 0 })
  })

  it('is refused with 110014 while preparing', async () => {
    const { create, call } = setUpAccount()
    const { SessionId } = (await create()).Payload
    expect(await call('startSession', { SessionId })).toMatchObject({
      httpStatus: 200,
      Code: 110014,
      Message: expect.stringMatching(/^SessionNotReady:.*poll statsession/),
    })
  })

  it('stays true after the close, as documented', async () => {
    const { open, call } = setUpAccount()
    const SessionId = await open()
    await call('closeSession', { SessionId })
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({
      SessionStatus: 2,
      IsSessionStarted: true,
    })
  })
})

describe('a command', () => {
  it('is refused with 110014 while preparing and 110016 before startsession', async () => {
    const { create, say, time } = setUpAccount()
    const id = String((await create()).Payload.SessionId)
    expect(await say(id)).toMatchObject({ Code: 110014 })
    await time.tickAsync(1_000)
    expect(await say(id)).toMatchObject({
      Code: 110016,
      Message: expect.stringMatching(
        /^SessionNotStarted:session m\d+ was not started: call startsession/,
      ),
    })
  })

  it('moves SpeakStatus from Initial to TextStart to TextOver', async () => {
    const { open, call, time } = setUpAccount()
    const SessionId = await open()
    const say = (digit: number, Data: object) =>
      call('command', { ReqId: id(digit), SessionId, Command: 'SEND_TEXT', Data })
    const status = async () => (await call('statSession', { SessionId })).Payload.SpeakStatus
    expect(await status()).toBe('Initial')
    await say(1, { Text: 'A sentence of some length.' })
    expect(await status()).toBe('WaitingTextStart')
    await time.tickAsync(100)
    expect(await status()).toBe('TextStart')
    await time.tickAsync(10_000)
    expect(await status()).toBe('TextOver')
    await say(2, { Text: 'Another one that is cut short.' })
    await time.tickAsync(100)
    expect(await status()).toBe('TextStart')
    await say(3, { Text: '', Interrupt: true })
    await time.tickAsync(120)
    expect(await status()).toBe('TextOver')
  })

  it('refuses other commands than SEND_TEXT', async () => {
    const { open, call } = setUpAccount()
    const SessionId = await open()
    const Data = { Text: 'PING' }
    expect(await call('command', { SessionId, Command: 'SEND_HEARTBEAT', Data })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining('Payload.Command must be "SEND_TEXT"'),
    })
  })
})

describe('an ended session', () => {
  it('does not change after late calls', async () => {
    const { clock, timers: time } = createFakeClock()
    const options = resolveGatewayOptions({ clock, prepareMs: 0 })
    const store = new SessionStore(options, new EventLog(options.clock, options.logger))
    const common = commonRequest({ UserId: 'u', Protocol: 'rtmp', DriverType: 1 })
    const request = { ...common, avatar: 'a', createType: 'asset' } as const
    const open = () => store.create(request, undefined)
    const first = open()
    store.close(first.id)
    const second = open()
    store.touch(first)
    await time.tickAsync(300_000)
    store.touch(second)
    await time.tickAsync(300_000)
    expect([first.closeType, second.closeType]).toEqual([1, undefined])
    expect(store.inProgress).toEqual([second])
  })
})

describe('closesession', () => {
  it('closes for the owner and frees the concurrency', async () => {
    const { open, call, create } = setUpAccount({ concurrency: 1 })
    const SessionId = await open()
    expect(await create({ UserId: 'u2' })).toMatchObject({ Code: 100008 })
    expect(await call('closeSession', { SessionId })).toMatchObject({ Code: 0 })
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({
      SessionStatus: 2,
      CloseType: 1,
      ErrorCode: 0,
    })
    expect(await create({ UserId: 'u2' })).toMatchObject({ Code: 0 })
  })

  it('is possible while preparing', async () => {
    const { create, call, time } = setUpAccount()
    const { SessionId } = (await create()).Payload
    expect(await call('closeSession', { SessionId })).toMatchObject({ Code: 0 })
    await time.tickAsync(5_000)
    expect((await call('statSession', { SessionId })).Payload.SessionStatus).toBe(2)
    expect(time.countTimers()).toBe(0)
  })

  it('refuses every later call with 110013', async () => {
    const { open, call, say } = setUpAccount()
    const SessionId = await open()
    await call('closeSession', { SessionId })
    expect(await call('closeSession', { SessionId })).toMatchObject({ Code: 110013 })
    expect(await call('startSession', { SessionId })).toMatchObject({ Code: 110013 })
    expect(await say(SessionId)).toMatchObject({ Code: 110013 })
  })
})

describe('an unknown SessionId', () => {
  it('is refused with 110018 everywhere', async () => {
    const { call, say } = setUpAccount()
    for (const name of ['statSession', 'startSession', 'closeSession'] as const) {
      expect(await call(name, { SessionId: 'm404' })).toMatchObject({ Code: 110018 })
    }
    expect(await say('m404')).toMatchObject({ Code: 110018 })
  })
})

describe('the same UserId again', () => {
  it('closes the earlier session with CloseType 5 and 110022', async () => {
    const { open, create, call, say } = setUpAccount()
    const SessionId = await open()
    const second = (await create()).Payload.SessionId
    expect(second).not.toBe(SessionId)
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({
      SessionStatus: 2,
      CloseType: 5,
      ErrorCode: 110022,
      ErrorMessage: expect.stringContaining('this UserId'),
    })
    for (const answer of [await say(SessionId), await call('closeSession', { SessionId })]) {
      expect(answer).toMatchObject({ Code: 110022 })
    }
  })

  it('does not disturb other UserIds', async () => {
    const { open, create, call } = setUpAccount()
    const SessionId = await open()
    await create({ UserId: 'kiosk-2' })
    expect((await call('statSession', { SessionId })).Payload.SessionStatus).toBe(1)
  })

  it('needs no free concurrency', async () => {
    const { create } = setUpAccount({ concurrency: 1 })
    await create()
    expect(await create()).toMatchObject({ Code: 0 })
    expect(await create({ UserId: 'kiosk-2' })).toMatchObject({ Code: 100008 })
  })

  it('closes no session in a refused request', async () => {
    const { open, create, call } = setUpAccount()
    const SessionId = await open()
    expect(await create({ DriverType: 9 })).toMatchObject({ Code: 100001 })
    expect((await call('statSession', { SessionId })).Payload.SessionStatus).toBe(1)
  })
})

describe('concurrency', () => {
  it('counts preparing and ready sessions and refuses the next with 100008', async () => {
    const { open, create, gateway } = setUpAccount({ concurrency: 2 })
    await open({ UserId: 'a' })
    await create({ UserId: 'b' })
    expect(await create({ UserId: 'c' })).toMatchObject({
      httpStatus: 200,
      Code: 100008,
      Message: expect.stringMatching(
        /^LimitExceeded:2 of 2 concurrent sessions are in use: close one with closesession/,
      ),
    })
    expect(gateway.sessions).toHaveLength(2)
  })

  it('of 0 refuses every create with 100014', async () => {
    const { create } = setUpAccount({ concurrency: 0 })
    expect(await create()).toMatchObject({
      httpStatus: 200,
      Code: 100014,
      Message: expect.stringMatching(/^AssetConcurrencyQuotaNotFound:/),
    })
  })
})

describe('idle time', () => {
  it('closes with CloseType 2 after idleTimeoutMs without a command', async () => {
    const { open, call, say, time } = setUpAccount({ idleTimeoutMs: 600_000 })
    const SessionId = await open()
    const stat = async () => (await call('statSession', { SessionId })).Payload
    await time.tickAsync(599_999)
    expect((await stat()).SessionStatus).toBe(1)
    await time.tickAsync(1)
    expect(await stat()).toMatchObject({ SessionStatus: 2, CloseType: 2, ErrorCode: 110013 })
    expect(await say(SessionId)).toMatchObject({ Code: 110013 })
  })

  it('restarts with every command, but not with statsession', async () => {
    const { open, call, say, time } = setUpAccount({ idleTimeoutMs: 600_000 })
    const SessionId = await open()
    const stat = async () => (await call('statSession', { SessionId })).Payload.SessionStatus
    await time.tickAsync(400_000)
    await say(SessionId)
    await time.tickAsync(400_000)
    expect(await stat()).toBe(1)
    await time.tickAsync(200_000)
    expect(await stat()).toBe(2)
  })

  it('also runs for a ready session without startsession', async () => {
    const { create, call, time } = setUpAccount({ idleTimeoutMs: 600_000 })
    const { SessionId } = (await create()).Payload
    await time.tickAsync(601_000)
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({ CloseType: 2 })
  })
})

describe('SessionId', () => {
  it('is unique, even when createId always returns the same id', async () => {
    const { create, gateway } = setUpAccount({ createId: () => '1'.repeat(32), concurrency: 500 })
    for (let user = 0; user < 200; user++) await create({ UserId: `u${user}` })
    expect(new Set(gateway.sessions.map(({ sessionId }) => sessionId)).size).toBe(200)
  })
})

describe('close', () => {
  it('ends every session, leaves no timer, and may be called twice', async () => {
    const { open, create, gateway, call, time } = setUpAccount()
    const SessionId = await open({ UserId: 'a' })
    await create({ UserId: 'b' })
    await gateway.close()
    await gateway.close()
    expect(gateway.sessions.map(({ status, closeType }) => [status, closeType])).toEqual([
      [2, 4],
      [2, 4],
    ])
    expect((await call('statSession', { SessionId })).Payload.SessionStatus).toBe(2)
    expect(time.countTimers()).toBe(0)
  })

  it('refuses later creates', async () => {
    const { create, gateway } = setUpAccount()
    await gateway.close()
    expect(await create()).toMatchObject({ Code: 100000 })
    expect(gateway.sessions).toEqual([])
  })
})

describe('the memory of an ended session', () => {
  const image = `data:image/png;base64,${'A'.repeat(150_000)}`
  const layers = {
    Backgrounds: [{ Url: image }],
    Foregrounds: Array(4).fill({ Url: image, X: 9 }),
  }

  it.each(['closed', 'replaced', 'failed'])(
    'that is %s keeps little of its request',
    async (how) => {
      const { call, create, gateway, open, time } = setUpAccount()
      if (how === 'failed') gateway.faults.plan([{ creationFailed: true }])
      const AssetVirtualmanKey = 'k'.repeat(50_000)
      const SessionId = await open({ ...layers, AssetVirtualmanKey })
      if (how === 'closed') await call('closeSession', { SessionId })
      if (how === 'replaced') await create()
      await time.tickAsync(0)
      const snapshot = gateway.sessions.find((session) => session.sessionId === SessionId)
      expect([2, 4]).toContain(snapshot?.status)
      expect(JSON.stringify(snapshot).length).toBeLessThan(20_000)
      expect(snapshot).toMatchObject({ userId: 'kiosk-1', protocol: 'rtmp', driverType: 1 })
      const stat = (await call('statSession', { SessionId })).Payload
      expect(stat).toMatchObject({
        SessionStatus: snapshot?.status,
        ErrorMessage: snapshot?.errorMessage,
      })
    },
  )

  it('keeps its short settings unchanged', async () => {
    const { call, gateway, open } = setUpAccount()
    const SessionId = await open({ Foregrounds: [{ Url: 'https://h/a.png', X: 1 }] })
    const before = gateway.sessions[0]
    await call('closeSession', { SessionId })
    const { picture, userId, voice } = gateway.sessions[0] ?? {}
    expect({ picture, userId, voice }).toEqual({
      picture: before?.picture,
      userId: before?.userId,
      voice: before?.voice,
    })
  })
})

describe('snapshots', () => {
  it('show the target of a stream without secrets', async () => {
    const { create, gateway, time } = setUpAccount()
    const txSecret = 'c0ffee00'.repeat(4)
    const CssCustomPushUrl = `rtmp://push.test/live/m1?txSecret=${txSecret}&txTime=7FFFFFFF`
    await create({ ProtocolOption: { CssCustomPushUrl } })
    const usersig = userSigOf({ 'TLS.identifier': 'b' })
    const external = {
      ...externalTrtc(),
      TrtcUserSig: usersig,
      TrtcPrivateMapKey: 'mapkey-value',
    }
    await create({ UserId: 'b', Protocol: 'trtc', ProtocolOption: external })
    await create({ UserId: 'c', Protocol: 'trtc' })
    await time.tickAsync(1_000)
    expect(gateway.sessions[0]?.pushUrl).toBe('rtmp://push.test/live/m1')
    expect(gateway.sessions[2]?.playUrl).toContain('userSig=[hidden]&privateMapKey=[hidden]')
    const shown = JSON.stringify(gateway.sessions)
    for (const secret of [txSecret, usersig, 'mapkey-value', 'emulated-user-sig']) {
      expect(shown).not.toContain(secret)
    }
  })
})
