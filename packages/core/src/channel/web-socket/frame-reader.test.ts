import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordFrames } from '../../testing/recorded-frames'
import { closePayload, type FrameParts, serverFrame } from '../../testing/server-frames'
import { opcode } from './frame'

const { binary, close, continuation, ping, pong, text } = opcode

/** What is heard of bytes that come all at once. */
function hear(...frames: readonly (FrameParts | Buffer)[]) {
  const { heard, reader } = recordFrames()
  reader.push(
    Buffer.concat(frames.map((frame) => (Buffer.isBuffer(frame) ? frame : serverFrame(frame)))),
  )
  return heard
}

describe('a reader of frames', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('takes a text of %i bytes', (length) => {
    const payload = 'x'.repeat(length)
    expect(hear({ opcode: text, payload })).toEqual([['text', payload]])
  })

  it('takes texts of any script', () => {
    const payload = '你好, \u{1F44B} é'
    expect(hear({ opcode: text, payload })).toEqual([['text', payload]])
  })

  it('takes several messages of one chunk in order', () => {
    expect(
      hear(
        { opcode: text, payload: 'a' },
        { opcode: binary, payload: 'b' },
        { opcode: text, payload: 'c' },
      ),
    ).toEqual([
      ['text', 'a'],
      ['binary', 'b'],
      ['text', 'c'],
    ])
  })

  it('puts fragments together, with control frames between them', () => {
    expect(
      hear(
        { opcode: text, final: false, payload: '\u4f60'.slice(0, 1) },
        { opcode: ping, payload: 'still there?' },
        { opcode: continuation, final: false, payload: '' },
        { opcode: pong, payload: 'unasked' },
        { opcode: continuation, payload: '!' },
        { opcode: text, payload: 'next' },
      ),
    ).toEqual([['ping', 'still there?'], ['pong'], ['text', '\u4f60!'], ['text', 'next']])
  })

  it('takes a character that is cut by a fragment', () => {
    const bytes = Buffer.from('é\u{1F44B}')
    expect(
      hear(
        { opcode: text, final: false, payload: bytes.subarray(0, 1) },
        { opcode: continuation, final: false, payload: bytes.subarray(1, 4) },
        { opcode: continuation, payload: bytes.subarray(4) },
      ),
    ).toEqual([['text', 'é\u{1F44B}']])
  })

  it('takes empty messages and empty fragments', () => {
    expect(
      hear(
        { opcode: text, final: false },
        { opcode: continuation, final: false },
        { opcode: continuation },
        { opcode: binary },
      ),
    ).toEqual([
      ['text', ''],
      ['binary', ''],
    ])
  })

  it.each([
    ['without a code', '', 1005, ''],
    ['with a code', closePayload(1001), 1001, ''],
    ['with a reason', closePayload(4000, 'bye, 再见'), 4000, 'bye, 再见'],
  ])('takes a close %s, and nothing after it', (_name, payload, code, reason) => {
    expect(hear({ opcode: close, payload }, { opcode: text, payload: 'late' })).toEqual([
      ['close', code, reason],
    ])
  })

  it('hears the same however the network cuts it', () => {
    const { heard: whole, reader } = recordFrames()
    const bytes = Buffer.concat([
      serverFrame({ opcode: text, payload: 'short' }),
      serverFrame({ opcode: text, final: false, payload: 'é'.repeat(100) }),
      serverFrame({ opcode: ping, payload: '?' }),
      serverFrame({ opcode: continuation, payload: 'x'.repeat(66_000) }),
      serverFrame({ opcode: close, payload: closePayload(1000, 'done') }),
    ])
    reader.push(bytes)
    expect(whole.map(([what]) => what)).toEqual(['text', 'ping', 'text', 'close'])
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 70_000 }))),
        (cuts) => {
          const pieces = recordFrames()
          let at = 0
          for (const cut of [...cuts, bytes.length]) {
            // A copy that is wiped afterwards: nothing may still look at it.
            const piece = Buffer.from(bytes.subarray(at, at + cut))
            pieces.reader.push(piece)
            piece.fill(0)
            at += cut
          }
          expect(pieces.heard).toEqual(whole)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('hears the same byte by byte', () => {
    const { heard, reader } = recordFrames()
    const bytes = serverFrame({ opcode: text, payload: '数字人'.repeat(60) })
    for (const byte of bytes) reader.push(Buffer.from([byte]))
    expect(heard).toEqual([['text', '数字人'.repeat(60)]])
  })

  it('hears nothing more once it was told to stop', () => {
    const { heard, reader } = recordFrames()
    reader.stop()
    reader.push(serverFrame({ opcode: text, payload: 'late' }))
    expect(heard).toEqual([])
  })
})

describe('a reader of frames refuses', () => {
  const firstFragment: FrameParts = { opcode: text, final: false, payload: 'a' }
  it.each<[string, readonly FrameParts[], number]>([
    ['reserved bits', [{ opcode: text, reserved: 4, payload: 'x' }], 1002],
    ['a masked frame', [{ opcode: text, masked: true, payload: 'x' }], 1002],
    ['an opcode that is unknown', [{ opcode: 3 }], 1002],
    ['a control opcode that is unknown', [{ opcode: 11 }], 1002],
    ['a continuation of nothing', [{ opcode: continuation, payload: 'x' }], 1002],
    ['a message within a message', [firstFragment, { opcode: text, payload: 'b' }], 1002],
    ['a ping in fragments', [{ opcode: ping, final: false }], 1002],
    ['a ping of 126 bytes', [{ opcode: ping, payload: 'x'.repeat(126) }], 1002],
    [
      '16 bits for a length of 125',
      [{ opcode: text, payload: 'x'.repeat(125), lengthBits: 16 }],
      1002,
    ],
    [
      '64 bits for a length of 65535',
      [{ opcode: text, payload: 'x'.repeat(65_535), lengthBits: 64 }],
      1002,
    ],
    ['a length over the limit', [{ opcode: text, saidLength: 100_001n, payload: 'x' }], 1009],
    ['a length of 2^63', [{ opcode: binary, saidLength: 2n ** 63n }], 1009],
    [
      'fragments over the limit together',
      [
        { opcode: text, final: false, payload: 'x'.repeat(60_000) },
        { opcode: continuation, saidLength: 40_001n },
      ],
      1009,
    ],
    ['text that is not UTF-8', [{ opcode: text, payload: Uint8Array.of(0xc3, 0x28) }], 1007],
    [
      'half a character at the end',
      [{ ...firstFragment, payload: Uint8Array.of(0xe4) }, { opcode: continuation }],
      1007,
    ],
    ['a close of one byte', [{ opcode: close, payload: 'x' }], 1002],
    ['a close with 1005', [{ opcode: close, payload: closePayload(1005) }], 1002],
    ['a close with 999', [{ opcode: close, payload: closePayload(999) }], 1002],
    ['a close with 2999', [{ opcode: close, payload: closePayload(2999) }], 1002],
    [
      'a close reason that is not UTF-8',
      [{ opcode: close, payload: closePayload(1000, Uint8Array.of(0xff)) }],
      1007,
    ],
  ])('%s, and reads no further', (_name, frames, code) => {
    const heard = hear(...frames, { opcode: text, payload: 'after it' })
    expect(heard).toEqual([['violation', code, expect.any(String)]])
  })

  it('a length over the limit before any of it comes', () => {
    const { heard, reader } = recordFrames()
    reader.push(serverFrame({ opcode: text, saidLength: 100_001n }))
    expect(heard).toEqual([['violation', 1009, 'message over 100000 bytes']])
  })

  it('a continuation after the end of a message, which was heard', () => {
    expect(
      hear({ opcode: text, payload: 'whole' }, { opcode: continuation, payload: '!' }),
    ).toEqual([
      ['text', 'whole'],
      ['violation', 1002, 'continuation of nothing'],
    ])
  })
})
