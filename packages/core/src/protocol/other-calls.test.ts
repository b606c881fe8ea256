import { describe, expect, it } from 'vitest'
import { commandRequestSchema, sendTextLimitBytes } from './command'
import { createResponseSchema } from './create-request'
import { endpoints } from './endpoints'
import { requestEnvelopeSchema, responseEnvelopeSchema } from './envelope'
import {
  acknowledgementSchema,
  sessionRequestSchema,
  statSessionResponseSchema,
} from './session-calls'

const ReqId = '0f6c1d2e3b4a59687786958493a2b1c0'

describe('the endpoints', () => {
  it.each([
    ['createSession', '/v2/ivh/sessionmanager/sessionmanagerservice/createsession'],
    ['createSessionByAsset', '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset'],
    ['statSession', '/v2/ivh/sessionmanager/sessionmanagerservice/statsession'],
    ['startSession', '/v2/ivh/sessionmanager/sessionmanagerservice/startsession'],
    ['closeSession', '/v2/ivh/sessionmanager/sessionmanagerservice/closesession'],
    ['command', '/v2/ivh/interactdriver/interactdriverservice/command'],
  ] as const)('%s is at the vendor’s address', (name, path) => {
    expect(endpoints[name].path).toBe(path)
  })
})

describe('statsession, startsession and closesession', () => {
  it('take a ReqId and a SessionId and nothing else', () => {
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
  ])('takes %#', (data) => expect(command(data)).toBe(true))

  it.each([
    [{ Text: `${'a'.repeat(sendTextLimitBytes)}b` }],
    // 1334 characters, 4002 bytes: the limit is in bytes.
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
  ])('refuses %#', (data) => expect(command(data)).toBe(false))

  it('takes no other command over HTTP', () => {
    expect(command({}, 'SEND_STREAMTEXT')).toBe(false)
  })
})

describe('answers', () => {
  const stat = { SessionStatus: 3 }
  const created = { SessionId: 'm1', SessionStatus: 3 }

  it.each([
    ['createsession, with its fields', createResponseSchema, { ...created, PlayStreamAddr: 'x' }],
    ['createsession, with nulls', createResponseSchema, { ...created, PlayStreamAddr: null }],
    ['createsession, newer', createResponseSchema, { ...created, ReqId, Tomorrow: { a: [1] } }],
    ['createsession, a new status', createResponseSchema, { ...created, SessionStatus: 9 }],
    ['statsession, its least', statSessionResponseSchema, stat],
    [
      'statsession, with nulls',
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
      'statsession, with its fields',
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
    ['an acknowledgement, empty', acknowledgementSchema, {}],
    ['an acknowledgement, newer', acknowledgementSchema, { ReqId: null, Tomorrow: 1 }],
    ['an envelope without Payload', responseEnvelopeSchema, { Header: { Code: 1 } }],
    ['an envelope with a null', responseEnvelopeSchema, { Header: { Code: 1 }, Payload: null }],
    [
      'an envelope, newer',
      responseEnvelopeSchema,
      { Header: { Code: 0, Message: null, RequestID: null, Trace: 'x' }, Payload: {}, More: 1 },
    ],
    [
      'a request envelope',
      requestEnvelopeSchema,
      { Header: { RequestID: 'x' }, Payload: { A: 1 } },
    ],
  ])('%s: everything is kept', (_name, schema, value) => {
    expect(schema.parse(value)).toEqual(value)
  })

  it.each([
    ['createsession without SessionId', createResponseSchema, { SessionStatus: 1 }],
    ['createsession with an empty SessionId', createResponseSchema, { ...created, SessionId: '' }],
    ['createsession without SessionStatus', createResponseSchema, { SessionId: 'm1' }],
    ['statsession without SessionStatus', statSessionResponseSchema, {}],
    ['an envelope without Header', responseEnvelopeSchema, { Payload: {} }],
    ['an envelope without Code', responseEnvelopeSchema, { Header: {} }],
    ['a request envelope without Header', requestEnvelopeSchema, { Payload: {} }],
    ['a request envelope without Payload', requestEnvelopeSchema, { Header: {} }],
  ])('%s is not taken', (_name, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})
