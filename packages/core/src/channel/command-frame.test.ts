import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { audioFrames, commandFrame, textFrames } from './command-frame'

const sessionId = 'm"1\\'
const reqId = 'a'.repeat(32)

function read(frame: string): unknown {
  return JSON.parse(frame)
}

describe('a frame', () => {
  it('holds the command and its data in the envelope of the channel', () => {
    const Data = { Text: 'Say "hi" \u{1F44B}\n' }
    expect(read(commandFrame(sessionId, reqId, { Command: 'SEND_TEXT', Data }))).toEqual({
      Header: {},
      Payload: { ReqId: reqId, SessionId: sessionId, Command: 'SEND_TEXT', Data },
    })
  })

  it('of streamed text is what the command by itself gives, for any text', () => {
    for (const rest of [
      {},
      { IsSentence: true },
      { SmartActionEnabled: true, VideoSeiInfo: '"' },
    ] as const) {
      const frame = textFrames(sessionId, reqId, rest)
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1 }), (Text, Seq) => {
          const Data = { Text, Seq, IsFinal: false, ...rest }
          expect(read(frame(Text, Seq))).toEqual(
            read(commandFrame(sessionId, reqId, { Command: 'SEND_STREAMTEXT', Data })),
          )
        }),
      )
    }
  })

  it('keeps a lone surrogate readable', () => {
    expect(textFrames(sessionId, reqId, {})('\ud83d', 1)).toContain('"Text":"\\ud83d"')
  })

  it('of audio holds the part of the memory that is audio, as base64', () => {
    const pool = Uint8Array.from({ length: 600 }, (_, index) => index % 256)
    const audio = pool.subarray(3, 515)
    const frame = audioFrames(sessionId, reqId)
    for (const Seq of [1, 12]) {
      const Data = { Audio: Buffer.from(audio).toString('base64'), Seq, IsFinal: false }
      expect(read(frame(audio, Seq))).toEqual(
        read(commandFrame(sessionId, reqId, { Command: 'SEND_AUDIO', Data })),
      )
    }
  })
})
