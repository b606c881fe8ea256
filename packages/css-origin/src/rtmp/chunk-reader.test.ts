import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkReader, defaultChunkLimits } from './chunk-reader'
import { ChunkWriter } from './chunk-writer'
import type { RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

/** Reads bytes in the given pieces. */
function read(bytes: Buffer, pieces: readonly number[] = [], limits = defaultChunkLimits) {
  const messages: RtmpMessage[] = []
  const reader = new ChunkReader((message) => messages.push(message), limits)
  let offset = 0
  for (const piece of pieces) {
    reader.push(bytes.subarray(offset, offset + piece))
    offset += piece
  }
  reader.push(bytes.subarray(offset))
  return messages
}

const hex = (...parts: readonly string[]): Buffer =>
  Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')

/** A payload in hex: `length` times the byte. */
const body = (length: number, byte = 'aa'): string => byte.repeat(length)

const summary = (messages: readonly RtmpMessage[]) =>
  messages.map(({ chunkStreamId, payload, streamId, timestamp, type }) => [
    chunkStreamId,
    streamId,
    type,
    timestamp,
    payload.length,
  ])

describe('chunk reader', () => {
  it('reads headers of all four formats', () => {
    const bytes = hex(
      '04 0003e8 000003 08 01000000',
      body(3), // format 0: time 1000, 3 bytes, audio, stream 1
      '44 000014 000004 08',
      body(4), //          format 1: +20, 4 bytes
      '84 00001e',
      body(4), //                    format 2: +30
      'c4',
      body(4), //                           format 3: +30 again
    )
    expect(summary(read(bytes))).toEqual([
      [4, 1, 8, 1000, 3],
      [4, 1, 8, 1020, 4],
      [4, 1, 8, 1050, 4],
      [4, 1, 8, 1080, 4],
    ])
  })

  it('advances a new message of format 3 by the timestamp of format 0', () => {
    const bytes = hex('04 000028 000001 08 01000000', body(1), 'c4', body(1))
    expect(summary(read(bytes)).map(([, , , timestamp]) => timestamp)).toEqual([40, 80])
  })

  // 17,000,000 ms is 0x01036640: 4 h 43 min, which needs the extended timestamp.
  const withoutRepeat = (rest: string): string =>
    `06 ffffff ${(128 + rest.length / 2).toString(16).padStart(6, '0')} 09 01000000 01036640 ` +
    `${body(128, '01')} c6 ${rest}`

  it.each([
    ['a long rest', body(100, '02')],
    ['a rest of 2 bytes', body(2, '02')],
    ['a rest of 2 bytes like the start of the time', '0103'],
  ])('reads chunks of format 3 without the extended timestamp: %s', (_name, rest) => {
    const next = '05 000000 000004 08 01000000 aaaaaaaa'
    const bytes = hex(withoutRepeat(rest), next)
    for (const piece of [1, 7, 200, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, () => piece)
      const messages = read(bytes, pieces)
      expect(summary(messages)).toEqual([
        [6, 1, 9, 17_000_000, 128 + rest.length / 2],
        [5, 1, 8, 0, 4],
      ])
      expect(messages[0]?.payload.subarray(128).toString('hex')).toBe(rest)
    }
  })

  it('completes a message without the extended timestamp when no further bytes arrive', () => {
    expect(summary(read(hex(withoutRepeat('0202'))))).toEqual([[6, 1, 9, 17_000_000, 130]])
  })

  it('reads new messages of format 3 without the extended timestamp', () => {
    const bytes = hex('04 ffffff 000004 08 01000000 01000000', body(4), 'c4', body(4))
    expect(summary(read(bytes)).map(([, , , timestamp]) => timestamp)).toEqual([
      0x01000000, 0x02000000,
    ])
  })

  it('reads two chunk streams with alternating chunks', () => {
    const bytes = hex(
      '06 000000 00012c 09 01000000',
      body(128, '01'), // video, 300 bytes
      '05 000000 000082 08 01000000',
      body(128, '02'), // audio, 130 bytes
      'c6',
      body(128, '01'),
      'c5',
      body(2, '02'),
      'c6',
      body(44, '01'),
    )
    const messages = read(bytes)
    expect(summary(messages)).toEqual([
      [5, 1, 8, 0, 130],
      [6, 1, 9, 0, 300],
    ])
    expect(messages[0]?.payload.every((byte) => byte === 2)).toBe(true)
    expect(messages[1]?.payload.every((byte) => byte === 1)).toBe(true)
  })

  it('uses a new chunk size from the next chunk of a message on', () => {
    const bytes = hex(
      '06 000000 00012c 09 01000000',
      body(128),
      '02 000000 000004 01 00000000 00000064', // Set Chunk Size: 100
      'c6',
      body(100),
      'c6',
      body(72),
    )
    expect(summary(read(bytes))).toEqual([[6, 1, 9, 0, 300]])
  })

  it('reads extended timestamps in first headers and continuations', () => {
    const bytes = hex(
      '06 ffffff 000082 09 01000000 01000000',
      body(128),
      'c6 01000000',
      body(2),
      '86 ffffff 01000010',
      body(128), // format 2: an extended delta
      'c6 01000010',
      body(2),
    )
    expect(summary(read(bytes)).map(([, , , timestamp]) => timestamp)).toEqual([
      0x01000000, 0x02000010,
    ])
  })

  it('wraps timestamps after 32 bits', () => {
    const bytes = hex('04 ffffff 000001 08 01000000 fffffff0', body(1), '84 000020', body(1))
    expect(summary(read(bytes)).map(([, , , timestamp]) => timestamp)).toEqual([0xfffffff0, 0x10])
  })

  it('reads chunk stream ids of two and three bytes', () => {
    const bytes = hex(
      '00 06 000000 000001 08 01000000',
      body(1), // 64 + 6
      '01 0a01 000000 000001 08 01000000',
      body(1), // 64 + 10 + 256
    )
    expect(read(bytes).map((message) => message.chunkStreamId)).toEqual([70, 330])
  })

  it('drops an aborted message', () => {
    const bytes = hex(
      '06 000000 00012c 09 01000000',
      body(128, '01'),
      '02 000000 000004 02 00000000 00000006', // Abort: chunk stream 6
      '06 000028 000002 09 01000000',
      body(2, '03'),
    )
    const messages = read(bytes)
    expect(summary(messages)).toEqual([[6, 1, 9, 40, 2]])
    expect(messages[0]?.payload).toEqual(hex('0303'))
  })

  it('accepts a chunk stream that starts with format 1, as librtmp sends it', () => {
    const bytes = hex('42 000000 000006 04', '000700000001')
    expect(summary(read(bytes))).toEqual([[2, 0, 4, 0, 6]])
  })

  it('counts only incomplete messages towards the limit', () => {
    const one = `06 000000 000080 09 01000000${body(128)}`
    const limits = { maxMessageBytes: 200, maxChunkStreams: 4 }
    expect(read(hex(one, one, one), [], limits)).toHaveLength(3)
  })

  it('repeats an extended delta for a new message of format 3', () => {
    const bytes = hex(
      ...['04 000000 000001 08 01000000', body(1)],
      ...['84 ffffff 01000000', body(1)],
      ...['c4 01000000', body(1)],
    )
    expect(summary(read(bytes)).map(([, , , timestamp]) => timestamp)).toEqual([
      0, 0x01000000, 0x02000000,
    ])
  })

  it('reads messages without a body', () => {
    expect(summary(read(hex('04 000000 000000 08 01000000', 'c4')))).toEqual([
      [4, 1, 8, 0, 0],
      [4, 1, 8, 0, 0],
    ])
  })

  describe('a malformed stream', () => {
    const refused = (bytes: Buffer, limits = defaultChunkLimits): string => {
      try {
        read(bytes, [], limits)
      } catch (error) {
        expect(error).toBeInstanceOf(RtmpProtocolError)
        return error instanceof Error ? error.message : ''
      }
      return 'accepted'
    }

    it('is refused for a message beyond the limit, before memory is allocated', () => {
      const limits = { maxMessageBytes: 1000, maxChunkStreams: 4 }
      expect(refused(hex('06 000000 0003e9 09 01000000'), limits)).toMatch('message of 1001 bytes')
    })

    it('is refused when incomplete messages exceed the limit together', () => {
      const limits = { maxMessageBytes: 1000, maxChunkStreams: 4 }
      const half = (stream: string) => `${stream} 000000 000258 09 01000000${body(128)}`
      expect(refused(hex(half('06'), half('07')), limits)).toMatch(
        'with 600 bytes of incomplete messages',
      )
    })

    it('is refused for too many chunk streams', () => {
      const limits = { maxMessageBytes: 1000, maxChunkStreams: 3 }
      const streams = ['03', '04', '05', '06'].map((id) => `${id} 000000 000001 08 01000000 00`)
      expect(refused(hex(...streams), limits)).toMatch('more than 3 chunk streams')
    })

    it('is refused for a header that refers to a missing one', () => {
      expect(refused(hex('c6'))).toMatch('format 3')
      expect(refused(hex('86 000000'))).toMatch('format 2')
    })

    it('is refused for a new message in the middle of another', () => {
      const begin = `06 000000 00012c 09 01000000${body(128)}`
      expect(refused(hex(begin, '06 000000 000001 09 01000000 00'))).toMatch('before its last one')
    })

    it('is refused for a chunk size of zero', () => {
      expect(refused(hex('02 000000 000004 01 00000000 00000000'))).toMatch('Set Chunk Size')
    })
  })
})

const anyMessage: fc.Arbitrary<RtmpMessage> = fc.record({
  chunkStreamId: fc.oneof(
    fc.integer({ min: 3, max: 8 }),
    fc.constantFrom(63, 64, 319, 320, 65_599),
  ),
  streamId: fc.nat(5),
  type: fc.constantFrom(8, 9, 18, 20),
  timestamp: fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.constantFrom(0xfffffe, 0xffffff, 0x1000000),
  ),
  payload: fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
})

function writeAll(messages: readonly RtmpMessage[], chunkSize: number | undefined): Buffer {
  const writer = new ChunkWriter()
  const parts = chunkSize === undefined ? [] : writer.setChunkSize(chunkSize)
  return Buffer.concat([...parts, ...messages.flatMap((message) => writer.write(message))])
}

describe('chunk writer and reader', () => {
  it('reads every written message, however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 }),
        (messages, chunkSize, pieces) => {
          expect(read(writeAll(messages, chunkSize), pieces)).toEqual(messages)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads the same messages byte by byte', () => {
    const messages = fc.sample(anyMessage, 6)
    const bytes = writeAll(messages, 100)
    expect(
      read(
        bytes,
        Array.from(bytes, () => 1),
      ),
    ).toEqual(messages)
  })

  it('throws only protocol errors for arbitrary bytes', () => {
    const limits = { maxMessageBytes: 4096, maxChunkStreams: 8 }
    const damaged = fc
      .tuple(fc.array(anyMessage, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(255))
      .map(([messages, at, byte]) => {
        const bytes = writeAll(messages, undefined)
        bytes[at % bytes.length] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged), (bytes) => {
        try {
          for (const message of read(Buffer.from(bytes), [1, 7, 100], limits)) {
            expect(message.payload.length).toBeLessThanOrEqual(limits.maxMessageBytes)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RtmpProtocolError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
