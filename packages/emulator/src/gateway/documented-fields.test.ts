import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'
import { externalTrtc } from '../testing/trtc'

type Fields = Record<string, unknown>
type Taken = readonly [what: string, fields: Fields]
type Refused = readonly [what: string, fields: Fields, why: string]

const option = (fields: Fields) => ({ Protocol: 'trtc', ProtocolOption: fields })
const external = (over: Fields) => option({ ...externalTrtc(), ...over })
const voice = (fields: Fields) => ({ SpeechParam: fields })
const layer = { Url: 'https://img.example.com/a.png', X: 0, Y: 0, Width: 1080, Height: 1920 }
const layers = (backgrounds: number, foregrounds: number) => ({
  Backgrounds: Array(backgrounds).fill(layer),
  Foregrounds: Array(foregrounds).fill(layer),
})
const pushUrl = (txTime: string, path = 'live/m1') =>
  option({
    CssCustomPushUrl: `rtmp://push.test/${path}?txSecret=${'a'.repeat(32)}&txTime=${txTime}`,
  })

const createTaken: Taken[] = [
  ['a UserId of any text', { UserId: '访客 17' }],
  ...['rtmp', 'trtc', 'webrtc'].map((Protocol): Taken => [`Protocol ${Protocol}`, { Protocol }]),
  ...[1, 3].map((DriverType): Taken => [`DriverType ${DriverType}`, { DriverType }]),
  ['StreamMaxInterval 2000', { StreamMaxInterval: 2_000 }],
  ['StreamMaxInterval 6000', { StreamMaxInterval: 6_000 }],
  ['Timeout 180, as the H5 SDK sends it', { Timeout: 180 }],
  ['a UserId of 1024 characters', { UserId: 'u'.repeat(1_024) }],
  ['an external TRTC app with a numeric room', external({})],
  [
    'an external TRTC app with a string room',
    external({ TrtcRoomId: undefined, TrtcStrRoomId: 'lobby' }),
  ],
  ['the PrivateMapKey "dummy"', external({ TrtcPrivateMapKey: 'dummy' })],
  ['TrtcRoomId 4294967294', option({ TrtcRoomId: 4_294_967_294 })],
  ['TrtcAutoGenRoomIdType 0', option({ TrtcAutoGenRoomIdType: 0 })],
  ['TrtcAutoGenRoomIdType 1', option({ TrtcAutoGenRoomIdType: 1 })],
  ['a signed push URL that is valid', pushUrl('7FFFFFFF')],
  ['AlphaChannelEnable true', { ExtraInfo: { AlphaChannelEnable: true, AlphaPadDisable: true } }],
  ['Speed 50', voice({ Speed: 50 })],
  ['Speed 200', voice({ Speed: 200 })],
  ['Volume -10', voice({ Volume: -10 })],
  ['Volume 10', voice({ Volume: 10 })],
  ['a voice and its language', voice({ TimbreKey: 'female_7', TimbreLanguage: 'en' })],
  ['five layers together', layers(2, 3)],
  ['a layer at an address', { Backgrounds: [layer] }],
  ['SilenceActionDisabled', { AnchorParam: { SilenceActionDisabled: true } }],
  [
    'an anchor at the corner',
    { AnchorParam: { HorizontalPosition: -0.5, VerticalPosition: 0.5, Scale: 10 } },
  ],
]

const createRefused: Refused[] = [
  ['no UserId', { UserId: undefined }, 'Payload.UserId is required'],
  ['an empty UserId', { UserId: '' }, 'Payload.UserId must not be empty'],
  ['a UserId of 1025 characters', { UserId: 'u'.repeat(1_025) }, 'at most 1024 characters'],
  ['Protocol RTMP', { Protocol: 'RTMP' }, 'in lower case'],
  ['Protocol flv', { Protocol: 'flv' }, 'Payload.Protocol must be'],
  ['DriverType 2', { DriverType: 2 }, 'Payload.DriverType must be 1 (text) or 3'],
  ['StreamMaxInterval 1999', { StreamMaxInterval: 1_999 }, '2000 to 6000'],
  ['StreamMaxInterval 6001', { StreamMaxInterval: 6_001 }, '2000 to 6000'],
  ['an external app without its id', external({ TrtcAppId: undefined }), 'TrtcAppId is required'],
  ['an external app id that is a number', external({ TrtcAppId: 1 }), 'SDKAppId as a string'],
  [
    'an external app without UserSig',
    external({ TrtcUserSig: undefined }),
    'TrtcUserSig is required',
  ],
  [
    'an external app without PrivateMapKey',
    external({ TrtcPrivateMapKey: undefined }),
    'TrtcPrivateMapKey is required',
  ],
  [
    'an external app without a room',
    external({ TrtcRoomId: undefined }),
    'or TrtcStrRoomId is required',
  ],
  ['TrtcRoomId 4294967295', option({ TrtcRoomId: 4_294_967_295 }), '1 to 4294967294'],
  ['TrtcAutoGenRoomIdType 2', option({ TrtcAutoGenRoomIdType: 2 }), 'TrtcAutoGenRoomIdType must'],
  ['a push URL that has expired', pushUrl('5C271099'), 'expired at 2018-12-29'],
  ['a push URL without a stream', pushUrl('7FFFFFFF', 'live'), 'an app name and a stream name'],
  [
    'a push URL without signature',
    option({ CssCustomPushUrl: 'rtmp://push.test/live/m1' }),
    'has no txSecret',
  ],
  [
    'a push URL that is not RTMP',
    option({ CssCustomPushUrl: 'https://push.test/live/m1' }),
    'must start with rtmp://',
  ],
  [
    'AlphaChannelEnable 1',
    { ExtraInfo: { AlphaChannelEnable: 1 } },
    'AlphaChannelEnable must be of type boolean',
  ],
  ['Speed 49', voice({ Speed: 49 }), 'Speed must be 50–200'],
  ['Speed 201', voice({ Speed: 201 }), 'Speed must be 50–200'],
  ['the speed 1.2 of the live-room API', voice({ Speed: 1.2 }), 'percent of normal speed'],
  ['Volume -11', voice({ Volume: -11 }), 'Volume must be −10 to 10'],
  ['Volume 11', voice({ Volume: 11 }), 'Volume must be −10 to 10'],
  ['Volume 0.5', voice({ Volume: 0.5 }), 'Volume must be a whole number'],
  ['an empty TimbreKey', voice({ TimbreKey: '' }), 'TimbreKey must not be empty'],
  ['six layers together', layers(3, 3), '5 layers together, got 6'],
  ['a layer without an address', { Foregrounds: [{ X: 0 }] }, 'Foregrounds.0.Url is required'],
  [
    'SilenceActionDisabled 1',
    { AnchorParam: { SilenceActionDisabled: 1 } },
    'must be of type boolean',
  ],
  ['an anchor outside', { AnchorParam: { HorizontalPosition: 0.6 } }, '−0.5 to 0.5'],
  ['no AssetVirtualmanKey', { AssetVirtualmanKey: undefined }, 'AssetVirtualmanKey is required'],
  ['an anchor above', { AnchorParam: { VerticalPosition: -0.6 } }, '−0.5 to 0.5'],
  ['an anchor without size', { AnchorParam: { Scale: 0 } }, 'Scale must be above 0'],
  ['an anchor of 11', { AnchorParam: { Scale: 11 } }, 'at most 10'],
  ['a layer at half a pixel', { Foregrounds: [{ ...layer, X: 0.5 }] }, 'X must be a whole number'],
  ['a layer without width', { Foregrounds: [{ ...layer, Width: 0 }] }, 'Width must be at least 1'],
]

describe('createsessionbyasset', () => {
  it.each(createTaken)('accepts %s', async (_what, fields) => {
    const { create, gateway } = setUpAccount({ trtcUserSig: 'accept' })
    expect(await create(fields)).toMatchObject({ Code: 0 })
    expect(gateway.sessions).toHaveLength(1)
  })

  it.each(createRefused)('refuses %s', async (_what, fields, why) => {
    const { create, gateway } = setUpAccount({ trtcUserSig: 'accept' })
    expect(await create(fields)).toMatchObject({
      httpStatus: 200,
      Code: 100001,
      Message: expect.stringContaining(why),
    })
    expect(gateway.sessions).toEqual([])
  })
})

/** Unknown fields of createsessionbyasset, and their names in the log. */
const unknownTaken: Refused[] = [
  ['Beta, as Tencent’s browser SDK 5.1.2 sends it', { Beta: true }, 'Payload.Beta'],
  ['the misspelt StrTrtcRoomId', option({ StrTrtcRoomId: 'r' }), 'ProtocolOption.StrTrtcRoomId'],
  ['a pitch', voice({ Pitch: 1 }), 'Payload.SpeechParam.Pitch'],
  ['a project beside the asset', { VirtualmanProjectId: 'p' }, 'Payload.VirtualmanProjectId'],
  ['a misspelt field', { Userid: 'x' }, 'Payload.Userid'],
]

describe('an unknown field', () => {
  const logged = (events: readonly { readonly text: string }[]) =>
    events.map(({ text }) => text).filter((text) => text.startsWith('accepted:'))

  it.each(unknownTaken)('is accepted and logged: %s', async (_what, fields, name) => {
    const { create, gateway } = setUpAccount()
    expect(await create(fields)).toMatchObject({ Code: 0 })
    expect(logged(gateway.events)).toEqual([expect.stringContaining(`the unknown field `)])
    expect(logged(gateway.events)[0]).toContain(name)
  })

  it('is logged once', async () => {
    const { create, gateway } = setUpAccount()
    for (const Beta of [true, false, 1]) await create({ Beta, Gamma: {} })
    expect(logged(gateway.events)).toEqual([
      'accepted: the unknown field Payload.Beta, which has no effect; check its spelling',
      'accepted: the unknown field Payload.Gamma, which has no effect; check its spelling',
    ])
  })

  it('is named in the refusal of a payload that is wrong otherwise', async () => {
    const { create } = setUpAccount()
    const answer = await create({ UserId: undefined, Userid: 'x' })
    expect(answer).toMatchObject({ Code: 100001 })
    expect(answer.Message).toContain('Payload.UserId is required')
    expect(answer.Message).toContain('Payload.Userid is not a field')
  })

  it('of another call and of a command is accepted', async () => {
    const { call, open, say } = setUpAccount()
    const SessionId = await open()
    expect(await call('statSession', { SessionId, Beta: 1 })).toMatchObject({ Code: 0 })
    expect(await say(SessionId, { Text: 'Hi', Beta: 1 })).toMatchObject({ Code: 0 })
  })

  it('named __proto__ changes nothing', async () => {
    const { post, gateway } = setUpAccount()
    const body = `{"Header":{},"Payload":{"ReqId":"${'0'.repeat(32)}","__proto__":{"a":1}}}`
    const list = '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofuin'
    expect(await post(list, body)).toMatchObject({ httpStatus: 200, Code: 0 })
    expect(gateway.sessions).toEqual([])
    expect(Object.prototype).not.toHaveProperty('a')
  })
})

describe('createsession', () => {
  const project = { UserId: 'u', Protocol: 'webrtc', DriverType: 3, VirtualmanProjectId: 'p1' }

  it.each<Taken>([
    ['a project', {}],
    ['what both create calls share', { StreamMaxInterval: 3_000, ...pushUrl('7FFFFFFF') }],
    ['the old name VirtualmanKey', { VirtualmanKey: 'p1', VirtualmanProjectId: undefined }],
    ['the old name VirtualmanKey beside the new one', { VirtualmanKey: 'p1' }],
    ['a voice, which has no effect beside a project', voice({})],
    ['backgrounds, which have no effect beside a project', { Backgrounds: [] }],
    ['an anchor, which has no effect beside a project', { AnchorParam: {} }],
  ])('accepts %s', async (_what, fields) => {
    const { call } = setUpAccount()
    expect(await call('createSession', { ...project, ...fields })).toMatchObject({ Code: 0 })
  })

  it.each<Refused>([
    ['no project', { VirtualmanProjectId: undefined }, 'VirtualmanProjectId is required'],
    ['StreamMaxInterval 1999 as well', { StreamMaxInterval: 1_999 }, '2000 to 6000'],
  ])('refuses %s', async (_what, fields, why) => {
    const { call } = setUpAccount()
    expect(await call('createSession', { ...project, ...fields })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(why),
    })
  })
})

describe('a numeric and a string room', () => {
  it('the numeric room wins', async () => {
    const { create, call, time } = setUpAccount()
    const rooms = { TrtcRoomId: 42, TrtcStrRoomId: 'lobby' }
    const { SessionId } = (await create(option(rooms))).Payload
    await time.tickAsync(1_000)
    const { PlayStreamAddr } = (await call('statSession', { SessionId })).Payload
    expect(String(PlayStreamAddr)).toMatch(/^room:\/\/42\?/)
  })
})

describe('Data of SEND_TEXT', () => {
  it.each<Taken>([
    ['4000 bytes', { Text: 'a'.repeat(4_000) }],
    ['no Text at all, to interrupt', { Interrupt: true }],
    ['ChatCommand NotUseChat', { Text: 'Hi', ChatCommand: 'NotUseChat', ChatRoundId: 'r1' }],
    ['64 characters of CloudAiVisitorBizId', { Text: 'Hi', CloudAiVisitorBizId: 'v'.repeat(64) }],
    ['VideoSeiInfo as text', { Text: 'Hi', VideoSeiInfo: '{"slide":3}' }],
    ['SmartActionEnabled true', { Text: 'Hi', SmartActionEnabled: true }],
    ['EnhanceText 1, as the H5 SDK sends it', { Text: 'Hi', EnhanceText: 1 }],
    ['SSML', { Text: '<speak>Hi<break time="1s"/></speak>' }],
  ])('accepts %s', async (_what, data) => {
    const { open, say } = setUpAccount()
    expect(await say(await open(), data)).toMatchObject({ Code: 0 })
  })

  it.each<Refused>([
    ['4001 bytes', { Text: 'a'.repeat(4_001) }, 'at most 4000 bytes'],
    ['a Text that is a number', { Text: 1 }, 'Data.Text must be of type string'],
    [
      'an Interrupt that is a text',
      { Interrupt: 'true' },
      'Data.Interrupt must be of type boolean',
    ],
    ['a ChatCommand that is a number', { ChatCommand: 1 }, 'ChatCommand must be of type string'],
    ['65 characters of CloudAiVisitorBizId', { CloudAiVisitorBizId: 'v'.repeat(65) }, 'VisitorBiz'],
    ['VideoSeiInfo as an object', { VideoSeiInfo: {} }, 'VideoSeiInfo must be of type string'],
    ['SmartActionEnabled 1', { SmartActionEnabled: 1 }, 'SmartActionEnabled must be of type bool'],
    ['EnhanceText true', { EnhanceText: true }, 'EnhanceText must be a whole number'],
  ])('refuses %s', async (_what, data, why) => {
    const { open, say } = setUpAccount()
    expect(await say(await open(), data)).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(why),
    })
  })
})

describe('SpaceParam and ImageParam of updatesessionconfig', () => {
  const place = { ImagePosition: 0, ImagePositionVertical: 0, ImageZoom: 1 }
  const space = (over: Fields) => ({ SpaceParam: { ...place, ...over } })

  it.each<Taken>([
    ['the middle', space({})],
    ['a new background', space({ BackgroundUrl: 'https://img.example.com/b.png' })],
    ['a JPEG', space({ BackgroundUrl: 'http://img.example.com/b.JPEG?size=1.5' })],
    ['a background of no named format', space({ BackgroundUrl: 'https://img.example.com/42' })],
    ['nothing at all', {}],
    ['the left and lower end', space({ ImagePosition: -0.5, ImagePositionVertical: -0.5 })],
    ['the right and upper end', space({ ImagePosition: 0.5, ImagePositionVertical: 0.25 })],
    [
      'a turn and colours',
      { ImageParam: { ImageHorizontalOffset: 10, ImageVerticalOffset: 0, ImageExtraParam: '{}' } },
    ],
  ])('take %s', async (_what, fields) => {
    const { open, call } = setUpAccount()
    const SessionId = await open()
    expect(await call('updateSessionConfig', { SessionId, ...fields })).toMatchObject({ Code: 0 })
  })

  it.each<Refused>([
    ['too far left', space({ ImagePosition: -0.51 }), 'SpaceParam.ImagePosition'],
    ['too far right', space({ ImagePosition: 0.51 }), 'SpaceParam.ImagePosition'],
    ['too low', space({ ImagePositionVertical: -0.51 }), 'ImagePositionVertical'],
    ['too high', space({ ImagePositionVertical: 0.26 }), 'ImagePositionVertical'],
    ['no zoom', space({ ImageZoom: undefined }), 'ImageZoom is required'],
    ['an empty background', space({ BackgroundUrl: '' }), 'BackgroundUrl must not be empty'],
    [
      'a GIF',
      space({ BackgroundUrl: 'https://img.example.com/b.gif' }),
      'jpg, jpeg or png, not gif',
    ],
    ['a colour', space({ BackgroundUrl: '#00ff00' }), 'begins with https:// or http://'],
    ['a file', space({ BackgroundUrl: 'file:///b.png' }), 'begins with https:// or http://'],
    ['colours as a number', { ImageParam: { ImageExtraParam: 1 } }, 'ImageExtraParam must be of'],
  ])('refuse %s', async (_what, fields, why) => {
    const { open, call } = setUpAccount()
    const SessionId = await open()
    expect(await call('updateSessionConfig', { SessionId, ...fields })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(why),
    })
  })
})

describe('a signature', () => {
  it('is valid for every endpoint until it expires', async () => {
    const { query, post, create, time } = setUpAccount()
    await create()
    const search = query()
    await time.tickAsync(299_000)
    const list = '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofuin'
    const command = '/v2/ivh/interactdriver/interactdriverservice/command'
    const body = JSON.stringify({ Header: {}, Payload: { ReqId: '0'.repeat(32) } })
    expect(await post(list, body, search)).toMatchObject({ Code: 0 })
    expect(await post(command, body, search)).toMatchObject({ Code: 100001 })
    await time.tickAsync(2_000)
    expect(await post(list, body, search)).toMatchObject({ Code: 100005 })
  })
})
