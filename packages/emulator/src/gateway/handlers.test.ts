import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'
import { externalTrtc } from '../testing/trtc'

const ids = (answer: { Payload: Record<string, unknown> }) =>
  (answer.Payload.Sessions as { SessionId: string }[]).map(({ SessionId }) => SessionId)

describe('the lists of sessions in progress', () => {
  async function setUp(options = {}) {
    const account = setUpAccount(options)
    const first = await account.open({ UserId: 'a' })
    const preparing = String((await account.create({ UserId: 'b' })).Payload.SessionId)
    const byProject = await account.call('createSession', {
      VirtualmanProjectId: 'p1',
      UserId: 'c',
      Protocol: 'webrtc',
      DriverType: 3,
    })
    const closed = await account.open({ UserId: 'd' })
    await account.call('closeSession', { SessionId: closed })
    return { ...account, first, preparing, project: String(byProject.Payload.SessionId) }
  }

  it('the account’s list contains preparing and ready sessions, but no closed one', async () => {
    const { call, first, preparing, project } = await setUp()
    expect(ids(await call('listSessionOfUin', {}))).toEqual([first, preparing, project])
  })

  it('the lists of a project and of an avatar contain only their sessions', async () => {
    const { call, first, preparing, project } = await setUp()
    const ofProject = await call('listSessionOfProjectId', { VirtualmanProjectId: 'p1' })
    expect(ids(ofProject)).toEqual([project])
    const ofAsset = await call('listSessionOfAssetVk', { AssetVirtualmanKey: 'presenter' })
    expect(ids(ofAsset)).toEqual([first, preparing])
    expect(ids(await call('listSessionOfAssetVk', { AssetVirtualmanKey: 'p1' }))).toEqual([])
  })

  it('the lists of a project and of an avatar need a key', async () => {
    const { call } = await setUp()
    for (const [name, field] of [
      ['listSessionOfProjectId', 'VirtualmanProjectId'],
      ['listSessionOfAssetVk', 'AssetVirtualmanKey'],
    ] as const) {
      expect(await call(name, {})).toMatchObject({
        Code: 100001,
        Message: expect.stringContaining(`Payload.${field} is required`),
      })
    }
  })

  it('contain the fields of the region’s documents', async () => {
    const mainland = await (await setUp({ region: 'mainland' })).call('listSessionOfUin', {})
    expect(mainland.Payload.Sessions).toMatchObject([
      {
        UserId: 'a',
        SessionStatus: 1,
        DriverType: 1,
        IsSessionStarted: true,
        PlayStreamAddr: expect.stringMatching(/^rtmp:/),
        VirtualmanType: 'small_sample_2d',
        CreateType: 1,
        AssetVirtualmanKey: 'presenter',
        VirtualmanProjectId: '',
      },
      { UserId: 'b', IsSessionStarted: false },
      { UserId: 'c', CreateType: 0, VirtualmanProjectId: 'p1', AssetVirtualmanKey: '' },
    ])
    const abroad = await (await setUp()).call('listSessionOfUin', {})
    expect(Object.keys((abroad.Payload.Sessions as object[])[0] ?? {})).toEqual([
      'UserId',
      'SessionId',
      'SessionStatus',
      'PlayStreamAddr',
      'DriverType',
      'IsSessionStarted',
    ])
  })
})

describe('updatesessionconfig', () => {
  const SpaceParam = { ImagePosition: 0.1, ImagePositionVertical: 0, ImageZoom: 1.5 }

  it('is accepted once in 5 s per session', async () => {
    const { open, call, time, gateway } = setUpAccount()
    const [SessionId, other] = [await open(), await open({ UserId: 'u2' })]
    expect(await call('updateSessionConfig', { SessionId, SpaceParam })).toMatchObject({ Code: 0 })
    expect(gateway.sessions[0]?.config).toEqual({ SpaceParam })
    await time.tickAsync(4_999)
    expect(await call('updateSessionConfig', { SessionId, SpaceParam })).toMatchObject({
      Code: 100012,
      Message: expect.stringContaining('4999 ms after the previous one'),
    })
    expect(await call('updateSessionConfig', { SessionId: other })).toMatchObject({ Code: 0 })
    await time.tickAsync(1)
    expect(await call('updateSessionConfig', { SessionId })).toMatchObject({ Code: 0 })
    expect(gateway.sessions[0]?.config).toEqual({ SpaceParam })
  })

  it('refuses values out of range, and sessions that are not ready', async () => {
    const { open, create, call } = setUpAccount()
    const SessionId = await open()
    const wide = { ...SpaceParam, ImagePosition: 0.6 }
    expect(await call('updateSessionConfig', { SessionId, SpaceParam: wide })).toMatchObject({
      Code: 100001,
    })
    const preparing = (await create({ UserId: 'u2' })).Payload.SessionId
    expect(await call('updateSessionConfig', { SessionId: preparing })).toMatchObject({
      Code: 110014,
    })
  })
})

describe('gettrtcsign', () => {
  const trtc = { Protocol: 'trtc', ProtocolOption: { TrtcRoomId: 42 } }

  it('signs for another user in TRTC’s format, marked as emulated', async () => {
    const { open, call, time } = setUpAccount()
    const SessionId = await open(trtc)
    const answer = await call('getTrtcSign', { SessionId, UserId: 'viewer', RoomId: 42 })
    expect(answer).toMatchObject({ Code: 0 })
    const read = (sign: unknown) =>
      JSON.parse(
        inflateSync(
          Buffer.from(
            String(sign).replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='),
            'base64',
          ),
        ).toString(),
      )
    const userSig = read(answer.Payload.UserSig)
    expect(userSig).toMatchObject({
      'TLS.ver': '2.0',
      'TLS.identifier': 'viewer',
      'TLS.time': Math.floor(time.now / 1000),
    })
    expect(Buffer.from(userSig['TLS.sig'], 'base64').toString()).toContain('emulated')
    expect(read(answer.Payload.PrivateMapKey)).toHaveProperty(['TLS.userbuf'])
  })

  it('accepts the generated room, by number or by name', async () => {
    const { open, call } = setUpAccount({ region: 'mainland' })
    for (const [type, field] of [
      [0, 'RoomId'],
      [1, 'StrRoomId'],
    ] as const) {
      const option = { TrtcAutoGenRoomIdType: type }
      const SessionId = await open({ ...trtc, ProtocolOption: option })
      const stat = await call('statSession', { SessionId })
      const room = new URL(String(stat.Payload.PlayStreamAddr)).hostname
      const payload = { SessionId, UserId: 'v', [field]: type === 0 ? Number(room) : room }
      expect(await call('getTrtcSign', payload)).toMatchObject({ Code: 0 })
    }
  })

  it.each([
    ['another protocol', { Protocol: 'webrtc' }, {}, 'not in the platform'],
    [
      'an external app',
      {
        Protocol: 'trtc',
        ProtocolOption: externalTrtc(),
      },
      {},
      'not in the platform',
    ],
    ['the avatar’s own UserId', trtc, { UserId: 'kiosk-1' }, 'remove the avatar from the room'],
    ['another room', trtc, { RoomId: 43 }, 'must be 42'],
    ['no room', trtc, { RoomId: undefined }, 'StrRoomId is required'],
  ])('is refused for %s', async (_what, session, over, reason) => {
    const { open, call } = setUpAccount({ region: 'mainland' })
    const SessionId = await open(session)
    const payload = { SessionId, UserId: 'viewer', RoomId: 42, ...over }
    expect(await call('getTrtcSign', payload)).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(reason),
    })
  })

  it('refuses StrRoomId alone in the international region', async () => {
    const { open, call } = setUpAccount({ region: 'international' })
    const SessionId = await open({ Protocol: 'trtc', ProtocolOption: { TrtcStrRoomId: 'r' } })
    const payload = { SessionId, UserId: 'viewer', StrRoomId: 'r' }
    expect(await call('getTrtcSign', payload)).toMatchObject({ Code: 100001 })
    expect(await call('getTrtcSign', { ...payload, RoomId: 'r' })).toMatchObject({ Code: 0 })
  })
})
