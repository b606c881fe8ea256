import fc from 'fast-check'
import { expect } from 'vitest'
import { fuzz } from '../testing/fuzz'
import { splitAggregate } from './aggregate'
import { ChunkReader } from './chunk-reader'
import { readCommand } from './command'
import { MessageType } from './message'
import { RtmpProtocolError } from './protocol-error'

const limits = { maxMessageBytes: 4096, maxChunkStreams: 6 }

const bytesOf = (value: number, length: number): number[] =>
  Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) & 0xff)
const time = fc.oneof(fc.nat(0xffffff), fc.constantFrom(0, 0xfffffe, 0xffffff))
const length = fc.oneof(fc.nat(300), fc.constantFrom(0, 4, 127, 128, 129, 4096, 4097, 0xffffff))
const type = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 17, 18, 20, 22), fc.nat(255))
const id = fc.oneof(
  fc.integer({ min: 2, max: 5 }).map((low) => [low]),
  fc.nat(255).map((second) => [0, second]),
  fc.tuple(fc.nat(255), fc.nat(255)).map((rest) => [1, ...rest]),
)
const body = fc.oneof(
  fc.nat(300).map((size) => Array.from({ length: size }, (_, index) => index & 0xff)),
  fc.array(fc.nat(255), { maxLength: 40 }),
)

/** Slightly malformed chunks of every format. */
const chunk = fc
  .record({
    format: fc.nat(3),
    id,
    time,
    length,
    type,
    streamId: fc.nat(5),
    extended: fc.nat(),
    body,
  })
  .map(({ body: payload, extended, format, id: ids, ...fields }) => [
    ((format << 6) | (ids[0] ?? 0)) & 0xff,
    ...ids.slice(1),
    ...(format < 3 ? bytesOf(fields.time, 3) : []),
    ...(format < 2 ? [...bytesOf(fields.length, 3), fields.type] : []),
    ...(format === 0 ? [fields.streamId, 0, 0, 0] : []),
    ...(format < 3 && fields.time === 0xffffff ? bytesOf(extended, 4) : []),
    ...payload.slice(0, Math.min(128, fields.length)),
  ])
const control = fc
  .tuple(fc.constantFrom(1, 2), fc.constantFrom(0, 1, 2, 4, 100, 128, 70_000, 0x7fffffff))
  .map(([kind, value]) => [0x02, 0, 0, 0, 0, 0, 4, kind, 0, 0, 0, 0, ...bytesOf(value, 4)])

const input = fc.record({
  bytes: fc
    .array(
      fc.oneof({ weight: 4, arbitrary: chunk }, control, fc.array(fc.nat(255), { maxLength: 20 })),
      {
        maxLength: 12,
      },
    )
    .map((parts) => Buffer.from(parts.flat())),
  pieces: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }),
})

fuzz('RTMP chunks', input, ({ bytes, pieces }) => {
  let received = 0
  const reader = new ChunkReader((message) => {
    received += message.payload.length
    expect(message.payload.length).toBeLessThanOrEqual(limits.maxMessageBytes)
    // The session decodes these payloads.
    readCommand(message)
    if (message.type === MessageType.aggregate) splitAggregate(message)
  }, limits)
  try {
    let offset = 0
    for (const piece of pieces) {
      reader.push(bytes.subarray(offset, offset + piece))
      offset += piece
    }
    reader.push(bytes.subarray(offset))
  } catch (error) {
    expect(error).toBeInstanceOf(RtmpProtocolError)
  }
  // The reader must not return more bytes than it received.
  expect(received).toBeLessThanOrEqual(bytes.length)
})
