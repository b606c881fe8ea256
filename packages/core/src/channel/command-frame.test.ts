import { expect, it } from 'vitest'
import { commandFrame } from './command-frame'

it('puts the command and its data into the envelope of the channel', () => {
  const sessionId = 'm"1\\'
  const reqId = 'a'.repeat(32)
  const Data = { Text: 'Say "hi" \u{1F44B}\n' }
  const frame = commandFrame(sessionId, reqId, { Command: 'SEND_TEXT', Data })
  expect(JSON.parse(frame)).toEqual({
    Header: {},
    Payload: { ReqId: reqId, SessionId: sessionId, Command: 'SEND_TEXT', Data },
  })
})
