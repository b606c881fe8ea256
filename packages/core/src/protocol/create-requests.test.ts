import { describe, expect, it } from 'vitest'
import { createSessionByAssetRequestSchema, createSessionRequestSchema } from './create-session'
import { explainIssues } from './explain'

const now = Date.UTC(2026, 0, 1)
const saas = { environment: 'saas', now: () => now } as const
const pushUrl = (expiresAtMs: number) =>
  `rtmp://push.example.com/live/m1?txSecret=${'0af9'.repeat(8)}&txTime=${Math.floor(
    expiresAtMs / 1000,
  ).toString(16)}`
const externalTrtc = {
  TrtcUseExternalApp: true,
  TrtcAppId: '1400000001',
  TrtcRoomId: 42,
  TrtcUserSig: 'eJw-sig',
  TrtcPrivateMapKey: 'dummy',
}
const layer = { Url: 'https://img.example.com/lobby.png', X: 0, Y: 0, Width: 1080, Height: 1920 }
const common = {
  ReqId: '0f6c1d2e3b4a59687786958493a2b1c0',
  UserId: 'kiosk-17',
  Protocol: 'webrtc',
  DriverType: 3,
}
const byAsset = { ...common, AssetVirtualmanKey: '3b9d2f60aa114cc18f0be5d2c7719e44' }
const byProject = { ...common, VirtualmanProjectId: 'p1' }

type Fields = Record<string, unknown>
type Accepted = readonly [name: string, fields: Fields]
type Refused = readonly [name: string, fields: Fields, why: RegExp]

/** Fields that both create calls accept (1211/62103, 1240/100388). */
const commonAccepted: Accepted[] = [
  ['only the required fields', {}],
  ['a ReqId in upper case', { ReqId: 'ABCDEF0123456789ABCDEF0123456789' }],
  ['a UserId of any text', { UserId: '访客 17' }],
  ...['rtmp', 'trtc', 'webrtc'].map((Protocol): Accepted => [`Protocol ${Protocol}`, { Protocol }]),
  ...[1, 3].map((DriverType): Accepted => [`DriverType ${DriverType}`, { DriverType }]),
  ['an empty ProtocolOption', { ProtocolOption: {} }],
  ['an external TRTC app with a numeric room', { ProtocolOption: externalTrtc }],
  [
    'an external TRTC app with a string room',
    { ProtocolOption: { ...externalTrtc, TrtcRoomId: undefined, TrtcStrRoomId: 'lobby' } },
  ],
  ['both rooms', { ProtocolOption: { ...externalTrtc, TrtcStrRoomId: 'lobby' } }],
  ['the platform TRTC app', { ProtocolOption: { TrtcUseExternalApp: false } }],
  ['the first TrtcRoomId', { ProtocolOption: { TrtcRoomId: 1 } }],
  ['the last TrtcRoomId', { ProtocolOption: { TrtcRoomId: 4294967294 } }],
  ['a numeric generated room', { ProtocolOption: { TrtcAutoGenRoomIdType: 0 } }],
  ['a string generated room', { ProtocolOption: { TrtcAutoGenRoomIdType: 1 } }],
  ['a CssCustomPushUrl', { ProtocolOption: { CssCustomPushUrl: pushUrl(now + 1_000) } }],
  ['ExtraInfo', { ExtraInfo: { AlphaChannelEnable: true, AlphaPadDisable: true } }],
  ['an ExtraInfo newer than this version', { ExtraInfo: { Tomorrow: 1 } }],
  ['the shortest StreamMaxInterval', { StreamMaxInterval: 2000 }],
  ['the longest StreamMaxInterval', { StreamMaxInterval: 6000 }],
  ['the Timeout that Tencent’s H5 SDK sends', { Timeout: 180 }],
  ['an undefined SessionId', { SessionId: undefined }],
]

const commonRefused: Refused[] = [
  [
    'a ReqId with dashes',
    { ReqId: '0f6c1d2e-3b4a-5968-7786-958493a2b1c0' },
    /ReqId must be 32 hex/,
  ],
  ['no ReqId', { ReqId: undefined }, /ReqId is required/],
  ['no UserId', { UserId: undefined }, /UserId is required \(string\)/],
  ['an empty UserId', { UserId: '' }, /UserId must not be empty/],
  ['a UserId that is a number', { UserId: 17 }, /UserId must be of type string, not number/],
  ['no Protocol', { Protocol: undefined }, /Protocol must be "rtmp"/],
  ['a Protocol in upper case', { Protocol: 'RTMP' }, /Protocol must be .* lower case/],
  ['no DriverType', { DriverType: undefined }, /DriverType must be 1/],
  ['the legacy DriverType 2', { DriverType: 2 }, /DriverType must be 1 \(text\) or 3/],
  ['a DriverType that is a text', { DriverType: '1' }, /DriverType must be 1/],
  ['a SessionId on the public cloud', { SessionId: 'm1' }, /SessionId is assigned by the public/],
  [
    'a StreamMaxInterval below the limit',
    { StreamMaxInterval: 1999 },
    /StreamMaxInterval .* 2000 to 6000/,
  ],
  [
    'a StreamMaxInterval above the limit',
    { StreamMaxInterval: 6001 },
    /StreamMaxInterval .* 2000 to 6000/,
  ],
  [
    'half a millisecond as StreamMaxInterval',
    { StreamMaxInterval: 2000.5 },
    /StreamMaxInterval .*whole/,
  ],
  ['a Timeout of 0', { Timeout: 0 }, /Timeout must be at least 1/],
  ['a Timeout that is a text', { Timeout: '180' }, /Timeout must be a whole number/],
  ['null as ExtraInfo', { ExtraInfo: null }, /ExtraInfo must be of type object, not null/],
  [
    'a number as AlphaChannelEnable',
    { ExtraInfo: { AlphaChannelEnable: 1 } },
    /AlphaChannelEnable must be of/,
  ],
  [
    'a text as AlphaPadDisable',
    { ExtraInfo: { AlphaPadDisable: 'no' } },
    /AlphaPadDisable must be of type/,
  ],
  ['an unknown field', { userId: 'u' }, /Payload\.userId is not a field of this request/],
]

const optionRefused: Refused[] = [
  ['an unknown option', { StrTrtcRoomId: 'r' }, /StrTrtcRoomId is not a field/],
  ['a text for TrtcUseExternalApp', { TrtcUseExternalApp: 'true' }, /ExternalApp must be of type/],
  ['a numeric TrtcAppId', { TrtcAppId: 1400000001 }, /TrtcAppId .*as a string/],
  ['a TrtcAppId with letters', { TrtcAppId: 'app' }, /TrtcAppId .*digits/],
  ['TrtcRoomId 0', { TrtcRoomId: 0 }, /TrtcRoomId .* 1 to 4294967294/],
  ['a TrtcRoomId above the limit', { TrtcRoomId: 4294967295 }, /TrtcRoomId .* 1 to 4294967294/],
  ['a TrtcRoomId that is a text', { TrtcRoomId: '42' }, /TrtcRoomId .*whole number/],
  ['an empty TrtcStrRoomId', { TrtcStrRoomId: '' }, /TrtcStrRoomId must not be empty/],
  [
    'an unknown TrtcAutoGenRoomIdType',
    { TrtcAutoGenRoomIdType: 2 },
    /TrtcAutoGenRoomIdType must be 0/,
  ],
  ['an empty TrtcUserSig', { TrtcUserSig: '' }, /TrtcUserSig must not be empty/],
  ['an empty TrtcPrivateMapKey', { TrtcPrivateMapKey: '' }, /PrivateMapKey must not be empty/],
  ['an unsigned push URL', { CssCustomPushUrl: 'rtmp://h/live/m' }, /PushUrl has no txSecret/],
  [
    'an expired push URL',
    { CssCustomPushUrl: pushUrl(now) },
    /expired at 2026-01-01T00:00:00.000Z/,
  ],
  [
    'a push URL that is a number',
    { CssCustomPushUrl: 1 },
    /CssCustomPushUrl must be of type string/,
  ],
  ...(['TrtcAppId', 'TrtcUserSig', 'TrtcPrivateMapKey'] as const).map(
    (field): Refused => [
      `an external app without ${field}`,
      { ...externalTrtc, [field]: undefined },
      new RegExp(`${field} is required when TrtcUseExternalApp is true`),
    ],
  ),
  [
    'an external app without a room',
    { ...externalTrtc, TrtcRoomId: undefined },
    /TrtcRoomId or TrtcStrRoomId is required/,
  ],
]

/** Fields that only createsessionbyasset accepts (1211/62103, 1240/106612). */
const assetAccepted: Accepted[] = [
  ['an empty SpeechParam', { SpeechParam: {} }],
  ...[50, 99.5, 200].map((Speed): Accepted => [`Speed ${Speed}`, { SpeechParam: { Speed } }]),
  ...[-10, 0, 10].map((Volume): Accepted => [`Volume ${Volume}`, { SpeechParam: { Volume } }]),
  ['a voice', { SpeechParam: { TimbreKey: 'female_7', TimbreLanguage: 'en' } }],
  ['one background', { Backgrounds: [layer] }],
  [
    'a layer that starts left of and above the picture',
    { Foregrounds: [{ ...layer, X: -1, Y: -1 }] },
  ],
  ['a layer with a URL only', { Foregrounds: [{ Url: 'https://h/a.png' }] }],
  ['a layer newer than this version', { Backgrounds: [{ ...layer, Tomorrow: 1 }] }],
  ['five layers', { Backgrounds: [layer, layer], Foregrounds: [layer, layer, layer] }],
  ['the AnchorParam of Tencent’s Android SDK', { AnchorParam: { SilenceActionDisabled: true } }],
  [
    'the lowest AnchorParam',
    { AnchorParam: { HorizontalPosition: -0.5, VerticalPosition: -0.5, Scale: 0.01 } },
  ],
  [
    'the highest AnchorParam',
    { AnchorParam: { HorizontalPosition: 0.5, VerticalPosition: 0.5, Scale: 10 } },
  ],
  ['an AnchorParam newer than this version', { AnchorParam: { Tomorrow: 1 } }],
]

const assetRefused: Refused[] = [
  ['no AssetVirtualmanKey', { AssetVirtualmanKey: undefined }, /AssetVirtualmanKey is required/],
  ['an empty AssetVirtualmanKey', { AssetVirtualmanKey: '' }, /AssetVirtualmanKey must not be/],
  [
    'a project beside the asset',
    { VirtualmanProjectId: 'p1' },
    /VirtualmanProjectId is not a field/,
  ],
  [
    'a Speed below the limit',
    { SpeechParam: { Speed: 49.9 } },
    /SpeechParam\.Speed must be 50–200/,
  ],
  [
    'a Speed above the limit',
    { SpeechParam: { Speed: 200.1 } },
    /SpeechParam\.Speed must be 50–200/,
  ],
  ['the Speed of the live-room API', { SpeechParam: { Speed: 1.5 } }, /percent of normal speed/],
  ['NaN as Speed', { SpeechParam: { Speed: Number.NaN } }, /Speed must be of type/],
  ['a Volume below the limit', { SpeechParam: { Volume: -11 } }, /Volume must be −10 to 10/],
  ['a Volume above the limit', { SpeechParam: { Volume: 11 } }, /Volume must be −10 to 10/],
  ['half a decibel', { SpeechParam: { Volume: 0.5 } }, /Volume must be a whole number/],
  ['an empty TimbreKey', { SpeechParam: { TimbreKey: '' } }, /TimbreKey must not be empty/],
  ['an empty TimbreLanguage', { SpeechParam: { TimbreLanguage: '' } }, /TimbreLanguage must not/],
  ['an unknown speech field', { SpeechParam: { Pitch: 1 } }, /SpeechParam\.Pitch is not a field/],
  ['a layer without a URL', { Backgrounds: [{ X: 0 }] }, /Backgrounds\.0\.Url is required/],
  [
    'a layer with an empty URL',
    { Foregrounds: [{ Url: '' }] },
    /Foregrounds\.0\.Url must not be empty/,
  ],
  ['half a pixel as X', { Backgrounds: [{ ...layer, X: 0.5 }] }, /0\.X must be a whole number/],
  ['a Y that is a text', { Backgrounds: [{ ...layer, Y: '0' }] }, /0\.Y must be a whole number/],
  [
    'a layer of width 0',
    { Backgrounds: [{ ...layer, Width: 0 }] },
    /0\.Width must be at least 1 \(pixel\)/,
  ],
  [
    'a layer of height 0',
    { Backgrounds: [{ ...layer, Height: 0 }] },
    /0\.Height must be at least 1 \(pixel\)/,
  ],
  ['layers that are not an array', { Backgrounds: layer }, /Backgrounds must be of type array/],
  ['six backgrounds', { Backgrounds: Array(6).fill(layer) }, /5 layers together, got 6/],
  [
    'six layers together',
    { Backgrounds: [layer], Foregrounds: Array(5).fill(layer) },
    /Backgrounds and Foregrounds may hold 5 layers together, got 6/,
  ],
  [
    'a number as SilenceActionDisabled',
    { AnchorParam: { SilenceActionDisabled: 1 } },
    /SilenceActionDisabled must be/,
  ],
  [
    'a HorizontalPosition below the limit',
    { AnchorParam: { HorizontalPosition: -0.6 } },
    /HorizontalPosition .*−0\.5 to/,
  ],
  [
    'a HorizontalPosition above the limit',
    { AnchorParam: { HorizontalPosition: 0.6 } },
    /HorizontalPosition .*−0\.5 to/,
  ],
  [
    'a VerticalPosition below the limit',
    { AnchorParam: { VerticalPosition: -0.6 } },
    /VerticalPosition must be −0\.5 to/,
  ],
  [
    'a VerticalPosition above the limit',
    { AnchorParam: { VerticalPosition: 0.6 } },
    /VerticalPosition must be −0\.5 to/,
  ],
  ['a Scale of 0', { AnchorParam: { Scale: 0 } }, /Scale must be above 0 and at most 10/],
  [
    'a Scale above the limit',
    { AnchorParam: { Scale: 10.1 } },
    /Scale must be above 0 and at most 10/,
  ],
]

const calls = [
  {
    name: 'createsessionbyasset',
    schema: createSessionByAssetRequestSchema(saas),
    base: byAsset,
    accepted: [...commonAccepted, ...assetAccepted],
    refused: [...commonRefused, ...assetRefused],
  },
  {
    name: 'createsession',
    schema: createSessionRequestSchema(saas),
    base: byProject,
    accepted: commonAccepted,
    refused: [
      ...commonRefused,
      ['no project', { VirtualmanProjectId: undefined }, /VirtualmanProjectId is required/],
      ['an empty project', { VirtualmanProjectId: '' }, /VirtualmanProjectId must not be empty/],
      ['the field’s old name', { VirtualmanKey: 'k' }, /VirtualmanKey is not a field/],
      ['a voice', { SpeechParam: {} }, /SpeechParam is not a field/],
      ['backgrounds', { Backgrounds: [] }, /Backgrounds is not a field/],
      ['foregrounds', { Foregrounds: [] }, /Foregrounds is not a field/],
      ['an anchor', { AnchorParam: {} }, /AnchorParam is not a field/],
    ] satisfies Refused[],
  },
] as const

function problems(schema: (typeof calls)[number]['schema'], payload: unknown): string {
  const result = schema.safeParse(payload)
  if (result.success) return ''
  return explainIssues(result.error)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
}

describe.each(calls)('$name', ({ schema, base, accepted, refused }) => {
  it.each(accepted)('accepts %s and changes nothing', (_name, fields) => {
    const payload = { ...base, ...fields }
    expect(problems(schema, payload)).toBe('')
    expect(schema.parse(payload)).toEqual(payload)
  })

  it.each(refused)('rejects %s', (_name, fields, why) => {
    expect(problems(schema, { ...base, ...fields })).toMatch(why)
  })

  it.each(optionRefused)('rejects %s', (_name, option, why) => {
    expect(problems(schema, { ...base, ProtocolOption: option })).toMatch(why)
  })

  it('reports every problem in one error', () => {
    const text = problems(schema, { ...base, UserId: '', Protocol: 'hls', StreamMaxInterval: 1 })
    expect(text).toMatch(/UserId.*Protocol.*StreamMaxInterval/)
  })

  it('does not repeat the value of a secret field', () => {
    const option = { TrtcUserSig: 4711, TrtcPrivateMapKey: 4711, CssCustomPushUrl: 'rtmp://4711' }
    expect(problems(schema, { ...base, ProtocolOption: option })).not.toContain('4711')
  })
})

describe('a private deployment', () => {
  const context = { environment: 'private', now: () => now } as const

  it.each([
    ['createsessionbyasset', createSessionByAssetRequestSchema(context), byAsset],
    ['createsession', createSessionRequestSchema(context), byProject],
  ] as const)('accepts a SessionId in %s', (_name, schema, base) => {
    expect(problems(schema, { ...base, SessionId: 'kiosk-1' })).toBe('')
    expect(problems(schema, base)).toBe('')
    expect(problems(schema, { ...base, SessionId: '' })).toMatch(/SessionId must not be empty/)
  })
})
