import { describe, expect, it } from 'vitest'
import { readDownlink } from './downlink'

const read = (Payload: unknown, Header: unknown = { Code: 0 }) =>
  readDownlink(JSON.stringify({ Header, Payload }))

describe('readDownlink', () => {
  it('reads a speak state and keeps unknown fields', () => {
    expect(
      read({ Type: 3, ReqId: 'r', Seq: 2, SpeakStatus: 'SentenceNext', Tomorrow: { a: 1 } }),
    ).toMatchObject({
      kind: 'status',
      reqId: 'r',
      seq: 2,
      speakStatus: 'SentenceNext',
      error: undefined,
      payload: { Tomorrow: { a: 1 } },
    })
  })

  it.each([
    ['the header', {}, { Code: 110013, Message: 'gone' }],
    ['the payload', { Type: 9, ErrorCode: 110013, ErrorMsg: 'gone' }, { Code: 0 }],
    ['the payload as text', { ErrorCode: '110013', ErrorMessage: 'gone' }, null],
  ])('finds an error in %s', (_name, payload, header) => {
    expect(read(payload, header)).toMatchObject({
      kind: 'error',
      error: { code: 110013, message: 'gone' },
    })
  })

  it('reports -111005 for a failed command without a code', () => {
    expect(read({ Type: 3, SpeakStatus: 'Error' }).error).toEqual({ code: -111005, message: '' })
  })

  it.each([
    [4, 'image'],
    ['4', 'image'],
    ['Image', 'image'],
    ['UnOrderedList', 'unordered-list'],
    [7, 'unknown'],
    ['', undefined],
  ])('reads ContentType %j', (ContentType, expected) => {
    expect(read({ Type: 4, ContentType }).contentType).toBe(expected)
  })

  it.each<[string, unknown, object]>([
    ['Muted', 0, { payload: { Muted: false } }],
    ['Final', 'true', { final: true }],
    ['Final', 'yes', { final: false }],
    ['Text', 5, { text: '5' }],
    ['Text', ['a'], { text: undefined }],
    ['FinalType', '', { finalType: undefined }],
    ['Seq', '', { seq: 0 }],
    ['Seq', '7', { seq: 7 }],
    ['InteractionContent', { a: 1 }, { payload: { InteractionContent: undefined } }],
    ['CloudAiExtra', [], { payload: { CloudAiExtra: undefined } }],
    ['ErrorCode', {}, { error: undefined }],
    ['ContentType', true, { contentType: undefined }],
  ])('keeps a message whose %s is %j, and its raw value', (field, value, expected) => {
    const over = { Type: 3, ReqId: 'r', SpeakStatus: 'TextOver', [field]: value }
    const message = read(over)
    expect(message).toMatchObject({ kind: 'status', reqId: 'r', speakStatus: 'TextOver' })
    expect(message).toMatchObject(expected)
    expect(message.raw).toEqual({ Header: { Code: 0 }, Payload: over })
  })

  it('keeps a message with an invalid header', () => {
    const payload = { Type: 3, SpeakStatus: 'TextOver' }
    for (const header of ['none', [], { Code: 'x', Message: {}, RequestID: 5 }]) {
      expect(read(payload, header)).toMatchObject({ speakStatus: 'TextOver', error: undefined })
    }
  })

  it('accepts unknown messages and throws for text that is not a message', () => {
    expect(read({ Type: 77 })).toMatchObject({ kind: 'other', seq: 0 })
    expect(read(null)).toMatchObject({ kind: 'other' })
    expect(() => readDownlink('[]')).toThrow()
    expect(() => readDownlink('{')).toThrow()
  })
})
