import fc from 'fast-check'
import { expect } from 'vitest'
import { fuzz } from '../testing/fuzz'
import { decodeAmf0, encodeAmf0 } from './amf0'
import { RtmpProtocolError } from './protocol-error'

const uint16 = fc.oneof(fc.nat(8), fc.nat(0xffff)).map((value) => [value >> 8, value & 0xff])
const uint32 = fc
  .oneof(fc.nat(8), fc.constantFrom(0x7fffffff, 0xffffffff, 0x10000))
  .map((value) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff])
const some = fc.array(fc.nat(255), { maxLength: 12 })
const named = (name: string): number[] => [0, name.length, ...Buffer.from(name)]

/** Malformed pieces that look like AMF0. */
const piece = fc.oneof(
  some,
  fc.nat(0x12).map((marker) => [marker]),
  uint16.map((length) => [0x02, ...length]),
  uint32.map((length) => [0x0c, ...length]),
  uint32.map((count) => [0x08, ...count]),
  uint32.map((count) => [0x0a, ...count]),
  fc.constant([0x03]),
  fc.constant([0, 0, 9]),
  fc.constantFrom('__proto__', 'constructor', 'toString', '').map(named),
  fc.array(fc.nat(255), { minLength: 8, maxLength: 8 }).map((number) => [0x00, ...number]),
  // These bytes nest objects.
  fc.nat(40).map((depth) => Array.from({ length: depth }, () => [0x03, 0, 1, 97]).flat()),
  fc.nat(40).map((depth) => Array.from({ length: depth }, () => [0x0a, 0, 0, 0, 1]).flat()),
)
const input = fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.flat()))

fuzz('AMF0', input, (bytes) => {
  let values: ReturnType<typeof decodeAmf0>
  try {
    values = decodeAmf0(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(RtmpProtocolError)
    return
  }
  // A decoded value must survive encoding and decoding.
  const written = encodeAmf0(...values)
  expect(encodeAmf0(...decodeAmf0(written)).equals(written)).toBe(true)
  expect(Object.keys(Object.prototype)).toEqual([])
})
