import { describe, expect, it } from 'vitest'
import { endpointSchemas } from './endpoint-schemas'
import { explainIssues } from './explain'

const context = { environment: 'saas', now: () => 0 } as const
const ReqId = '0'.repeat(32)
const asset = { ReqId, AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 }

function messages(name: 'createSessionByAsset' | 'command' | 'statSession', payload: object) {
  const schema = endpointSchemas[name].request(context)
  const { error } = schema.safeParse(payload)
  return (error ? explainIssues(error, 'Payload', schema) : []).map(
    ({ path, message }) => `${path} ${message}`,
  )
}

describe('explainIssues with a misspelt field', () => {
  it.each([
    ['UserID', 'UserId'],
    ['Assetvirtualmankey', 'AssetVirtualmanKey'],
    ['AssetVirtualManKey', 'AssetVirtualmanKey'],
    ['protocol', 'Protocol'],
    ['DriveType', 'DriverType'],
    ['SpeechParams', 'SpeechParam'],
    ['Foreground', 'Foregrounds'],
    ['StreamMaxIntervall', 'StreamMaxInterval'],
  ])('suggests for %s the name %s', (typed, meant) => {
    expect(messages('createSessionByAsset', { ...asset, [typed]: 1 })).toContain(
      `Payload.${typed} is not a field of this request; did you mean ${meant}?`,
    )
  })

  it('reports the path of a nested field', () => {
    const option = {
      ...asset,
      ProtocolOption: { CssCustomPushURL: 'x' },
      SpeechParam: { speed: 1 },
    }
    expect(messages('createSessionByAsset', option)).toEqual([
      'Payload.ProtocolOption.CssCustomPushURL is not a field of this request; did you mean CssCustomPushUrl?',
      'Payload.SpeechParam.speed is not a field of this request; did you mean Speed?',
    ])
    const command = { ReqId, SessionId: 'm1', Command: 'SEND_TEXT', Data: { Txt: 'Hi' } }
    expect(messages('command', command)).toEqual([
      'Payload.Data.Txt is not a field of this request; did you mean Text?',
    ])
  })

  it('suggests nothing when no name is similar', () => {
    expect(messages('statSession', { ReqId, SessionId: 'm1', Colour: 'red' })).toEqual([
      'Payload.Colour is not a field of this request; check its spelling (names are case-sensitive)',
    ])
  })

  it('reports each field once and never its value', () => {
    const reported = messages('statSession', {
      ReqId,
      SessionId: 'm1',
      Session_Id: 's3cret',
      ReqID: 's3cret',
    })
    expect(reported).toHaveLength(2)
    expect(reported.join()).not.toContain('s3cret')
  })

  it('works without a schema', () => {
    const { error } = endpointSchemas.statSession
      .request()
      .safeParse({ ReqId, SessionId: 'm', SessionID: '' })
    expect(error && explainIssues(error)).toEqual([
      { path: 'Payload.SessionID', message: expect.stringContaining('check its spelling') },
    ])
  })
})
