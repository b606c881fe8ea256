import { describe, expect, it } from 'vitest'
import { commandRequestSchema, sendTextLimitBytes } from './command'
import { createResponseSchema } from './create-request'
import { endpoints } from './endpoints'
import { requestEnvelopeSchema, responseEnvelopeSchema } from './envelope'
import {
  acknowledgementSchema,
  getTrtcSignRequestSchema,
  getTrtcSignResponseSchema,
  listSessionOfAssetVkRequestSchema,
  listSessionOfProjectIdRequestSchema,
  listSessionOfUinRequestSchema,
  listSessionsResponseSchema,
  sessionRequestSchema,
  statSessionResponseSchema,
  updateSessionConfigRequestSchema,
} from './session-calls'

const ReqId = '0f6c1d2e3b4a59687786958493a2b1c0'

describe('the endpoints', () => {
  it.each([
    ['createSession', '/v2/ivh/sessionmanager/sessionmanagerservice/createsession'],
    ['createSessionByAsset', '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset'],
    ['statSession', '/v2/ivh/sessionmanager/sessionmanagerservice/statsession'],
    ['startSession', '/v2/ivh/sessionmanager/sessionmanagerservice/startsession'],
    ['closeSession', '/v2/ivh/sessionmanager/sessionmanagerservice/closesession'],
    ['listSessionOfUin', '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofuin'],
    [
      'listSessionOfProjectId',
      '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofprojectid',
    ],
    ['listSessionOfAssetVk', '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofassetvk'],
    ['updateSessionConfig', '/v2/ivh/sessionmanager/sessionmanagerservice/updatesessionconfig'],
    ['getTrtcSign', '/v2/ivh/sessionmanager/sessionmanagerservice/gettrtcsign'],
    ['command', '/v2/ivh/interactdriver/interactdriverservice/command'],
  ] as const)('give %s the documented path', (name, path) => {
    expect(endpoints[name].path).toBe(path)
  })

  it('are idempotent except for creates and commands', () => {
    const notIdempotent = Object.entries(endpoints).filter(([, { idempotent }]) => !idempotent)
    expect(notIdempotent.map(([name]) => name)).toEqual([
      'createSession',
      'createSessionByAsset',
      'command',
    ])
  })
})

describe('statsession, startsession and closesession', () => {
  it('accept a ReqId and a SessionId and nothing else', () => {
    expect(sessionRequestSchema.safeParse({ ReqId, SessionId: 'm1' }).success).toBe(true)
    expect(sessionRequestSchema.safeParse({ ReqId, SessionId: '' }).success).toBe(false)
    expect(sessionRequestSchema.safeParse({ ReqId }).success).toBe(false)
    expect(sessionRequestSchema.safeParse({ ReqId: 'x', SessionId: 'm1' }).success).toBe(false)
    expect(sessionRequestSchema.safeParse({ ReqId, SessionId: 'm1', X: 1 }).success).toBe(false)
  })
})

describe('command', () => {
  const command = (Data: unknown, Command = 'SEND_TEXT') =>
    commandRequestSchema.safeParse({ ReqId, SessionId: 'm1', Command, Data }).success

  it.each([
    [{}],
    [{ Text: '', Interrupt: true }],
    [{ Text: 'a'.repeat(sendTextLimitBytes) }],
    [{ ChatCommand: 'NotUseChat', ChatRoundId: '', CloudAiVisitorBizId: 'v'.repeat(64) }],
    [{ VideoSeiInfo: '{}', SmartActionEnabled: false }],
  ])('accepts valid data: case %#', (data) => expect(command(data)).toBe(true))

  it.each([
    [{ Text: `${'a'.repeat(sendTextLimitBytes)}b` }],
    // Use 1334 characters with 4002 bytes, because the limit is in bytes.
    [{ Text: '数'.repeat(1334) }],
    [{ Text: 5 }],
    [{ Interrupt: 'yes' }],
    [{ ChatCommand: 1 }],
    [{ ChatRoundId: 1 }],
    [{ CloudAiVisitorBizId: 'v'.repeat(65) }],
    [{ VideoSeiInfo: {} }],
    [{ SmartActionEnabled: 1 }],
    [{ text: 'Hello' }],
    [undefined],
  ])('rejects invalid data: case %#', (data) => expect(command(data)).toBe(false))

  it('rejects other commands over HTTP', () => {
    expect(command({}, 'SEND_STREAMTEXT')).toBe(false)
  })
})

describe('the list calls', () => {
  it('require the key of the listed sessions', () => {
    expect(listSessionOfUinRequestSchema.safeParse({ ReqId }).success).toBe(true)
    expect(listSessionOfUinRequestSchema.safeParse({ ReqId, UserId: 'u' }).success).toBe(false)
    for (const [schema, key] of [
      [listSessionOfProjectIdRequestSchema, 'VirtualmanProjectId'],
      [listSessionOfAssetVkRequestSchema, 'AssetVirtualmanKey'],
    ] as const) {
      expect(schema.safeParse({ ReqId, [key]: 'x' }).success).toBe(true)
      expect(schema.safeParse({ ReqId, [key]: '' }).success).toBe(false)
      expect(schema.safeParse({ ReqId }).success).toBe(false)
    }
  })

  const session = { UserId: 'u', SessionId: 'm1', SessionStatus: 1 }

  it('convert a DriverType of type text to a number', () => {
    const { Sessions } = listSessionsResponseSchema.parse({
      Sessions: [
        { ...session, DriverType: '3', Tomorrow: [1] },
        { ...session, DriverType: 1, VirtualmanKey: '' },
      ],
    })
    expect(Sessions).toEqual([
      { ...session, DriverType: 3, Tomorrow: [1] },
      { ...session, DriverType: 1, VirtualmanKey: '' },
    ])
  })

  it('keep a session when another row has a field of a wrong type', () => {
    const odd = { DriverType: '', CreateType: '1', VirtualmanKey: 7, IsSessionStarted: 'yes' }
    const { Sessions } = listSessionsResponseSchema.parse({
      ReqId: 5,
      Sessions: [{ ...session, ...odd, PlayStreamAddr: {}, AssetVirtualmanKey: ['a'] }, session],
    })
    expect(Sessions).toEqual([{ ...session, CreateType: 1, VirtualmanKey: '7' }, session])
  })

  it.each([{}, { Sessions: null }, { Sessions: [] }])(
    'C21: read %o as an empty list',
    (response) => {
      expect(listSessionsResponseSchema.parse(response).Sessions).toEqual([])
    },
  )

  it('reject a session without its ids', () => {
    for (const key of ['UserId', 'SessionId', 'SessionStatus']) {
      const { success } = listSessionsResponseSchema.safeParse({
        Sessions: [{ ...session, [key]: undefined }],
      })
      expect(success, key).toBe(false)
    }
  })
})

describe('updatesessionconfig', () => {
  const SpaceParam = { ImagePosition: 0.5, ImagePositionVertical: -0.5, ImageZoom: 1 }
  const passes = (parameters: object) =>
    updateSessionConfigRequestSchema.safeParse({ ReqId, SessionId: 'm1', ...parameters }).success

  it.each([
    {},
    { SpaceParam },
    {
      SpaceParam: { ...SpaceParam, BackgroundUrl: 'https://h/a.png', ImagePositionVertical: 0.25 },
    },
    { ImageParam: { ImageVerticalOffset: 1, ImageHorizontalOffset: -30, ImageExtraParam: '{}' } },
  ])('accepts %o', (parameters) => expect(passes(parameters)).toBe(true))

  it.each([
    { SpaceParam: {} },
    { SpaceParam: { ...SpaceParam, ImagePosition: 0.51 } },
    { SpaceParam: { ...SpaceParam, ImagePositionVertical: 0.26 } },
    { SpaceParam: { ...SpaceParam, ImageZoom: 0 } },
    { SpaceParam: { ...SpaceParam, BackgroundUrl: '' } },
    { ImageParam: { ImageExtraParam: 1 } },
    { SessionId: '' },
    { Speed: 1 },
  ])('rejects %o', (parameters) => expect(passes(parameters)).toBe(false))
})

describe('gettrtcsign', () => {
  const passes = (room: object) =>
    getTrtcSignRequestSchema.safeParse({ ReqId, SessionId: 'm1', UserId: 'v', ...room }).success

  it('accepts a room by number, by text, or both', () => {
    for (const room of [
      { RoomId: 1 },
      { RoomId: '7' },
      { StrRoomId: 'a' },
      { RoomId: 1, StrRoomId: 'a' },
    ]) {
      expect(passes(room)).toBe(true)
    }
    for (const room of [
      {},
      { RoomId: 0 },
      { RoomId: 4294967295 },
      { StrRoomId: '' },
      { RoomId: 1, X: 1 },
    ]) {
      expect(passes(room)).toBe(false)
    }
  })

  it('accepts a response with a UserSig', () => {
    const response = { ReqId, UserSig: 's', PrivateMapKey: 'p', Tomorrow: 1 }
    expect(getTrtcSignResponseSchema.parse(response)).toEqual(response)
    expect(getTrtcSignResponseSchema.safeParse({ PrivateMapKey: 'p' }).success).toBe(false)
  })
})

describe('response schemas', () => {
  const stat = { SessionStatus: 3 }
  const created = { SessionId: 'm1', SessionStatus: 3 }

  it.each([
    ['createsession with its fields', createResponseSchema, { ...created, PlayStreamAddr: 'x' }],
    ['createsession with nulls', createResponseSchema, { ...created, PlayStreamAddr: null }],
    [
      'createsession with newer fields',
      createResponseSchema,
      { ...created, ReqId, Tomorrow: { a: [1] } },
    ],
    ['createsession with a new status', createResponseSchema, { ...created, SessionStatus: 9 }],
    ['statsession with the required field only', statSessionResponseSchema, stat],
    [
      'statsession with nulls',
      statSessionResponseSchema,
      {
        ...stat,
        ReqId: null,
        PlayStreamAddr: null,
        SpeakStatus: null,
        IsSessionStarted: null,
        ErrorCode: null,
        ErrorMessage: null,
        CloseType: null,
      },
    ],
    [
      'statsession with its fields',
      statSessionResponseSchema,
      {
        ReqId,
        SessionStatus: 2,
        PlayStreamAddr: 'rtmp://h/live/m1',
        SpeakStatus: 'TextOver',
        IsSessionStarted: true,
        ErrorCode: 110022,
        ErrorMessage: 'same user id',
        CloseType: 5,
        Tomorrow: 'kept',
      },
    ],
    ['an empty acknowledgement', acknowledgementSchema, {}],
    ['an acknowledgement with newer fields', acknowledgementSchema, { ReqId: null, Tomorrow: 1 }],
    ['an envelope without Payload', responseEnvelopeSchema, { Header: { Code: 1 } }],
    [
      'an envelope with a null Payload',
      responseEnvelopeSchema,
      { Header: { Code: 1 }, Payload: null },
    ],
    [
      'an envelope with newer fields',
      responseEnvelopeSchema,
      { Header: { Code: 0, Message: null, RequestID: null, Trace: 'x' }, Payload: {}, More: 1 },
    ],
    [
      'a request envelope',
      requestEnvelopeSchema,
      { Header: { RequestID: 'x' }, Payload: { A: 1 } },
    ],
    ['a request envelope without Header', requestEnvelopeSchema, { Payload: { A: 1 } }],
    ['a request envelope of a PHP client', requestEnvelopeSchema, { Header: [], Payload: {} }],
  ])('keep every field of %s', (_name, schema, value) => {
    expect(schema.parse(value)).toEqual(value)
  })

  it('convert fields of undocumented types in statsession where possible', () => {
    const odd = { ErrorCode: '-111005', CloseType: '5', SpeakStatus: {}, ErrorMessage: 5 }
    expect(statSessionResponseSchema.parse({ SessionStatus: 2, ...odd })).toEqual({
      ...{ SessionStatus: 2, ErrorCode: -111005, CloseType: 5, ErrorMessage: '5' },
    })
  })

  it.each([
    ['createsession without SessionId', createResponseSchema, { SessionStatus: 1 }],
    ['createsession with an empty SessionId', createResponseSchema, { ...created, SessionId: '' }],
    ['createsession without SessionStatus', createResponseSchema, { SessionId: 'm1' }],
    ['statsession without SessionStatus', statSessionResponseSchema, {}],
    ['an envelope without Header', responseEnvelopeSchema, { Payload: {} }],
    ['an envelope without Code', responseEnvelopeSchema, { Header: {} }],
    [
      'a request envelope with a text as Header',
      requestEnvelopeSchema,
      { Header: '', Payload: {} },
    ],
    ['a request envelope without Payload', requestEnvelopeSchema, { Header: {} }],
  ])('reject %s', (_name, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})
