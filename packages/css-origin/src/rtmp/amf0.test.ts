import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Amf0Value, decodeAmf0, EcmaArray, encodeAmf0 } from './amf0'
import { RtmpProtocolError } from './protocol-error'

const { tree: anyValue } = fc.letrec<{ tree: Amf0Value }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constant(null),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('tree'), { maxKeys: 4, noNullPrototype: false }),
    fc
      .dictionary(fc.string({ minLength: 1 }), tie('tree'), { maxKeys: 4, noNullPrototype: false })
      .map((entries) => new EcmaArray(entries)),
  ),
}))

describe('AMF0', () => {
  it('encodes a connect command to the bytes of the specification', () => {
    const bytes = encodeAmf0('connect', 1, { app: 'live' }, null, true)
    expect(bytes.toString('hex')).toBe(
      '020007636f6e6e656374' + // string "connect"
        '003ff0000000000000' + // number 1
        '030003617070' + // object, key "app"
        '0200046c697665' + // string "live"
        '000009' + // end of object
        '05' + // null
        '0101', // true
    )
  })

  it('decodes every value that it encodes', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 4 }), (values) => {
        expect(decodeAmf0(encodeAmf0(...values))).toEqual(values)
      }),
    )
  })

  it('encodes texts longer than 65535 bytes as long strings', () => {
    const text = 'ä'.repeat(40_000)
    expect(encodeAmf0(text)[0]).toBe(0x0c)
    expect(decodeAmf0(encodeAmf0(text))).toEqual([text])
  })

  it('ignores a wrong count in an associative array', () => {
    const bytes = encodeAmf0(new EcmaArray({ width: 640 }))
    bytes.writeUInt32BE(4_000_000_000, 1)
    expect(decodeAmf0(bytes)).toEqual([new EcmaArray({ width: 640 })])
  })

  it('decodes a key called __proto__ as an ordinary key', () => {
    const [decoded] = decodeAmf0(Buffer.from('0300095f5f70726f746f5f5f0101000009', 'hex'))
    expect(Object.keys(decoded ?? {})).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(decoded)).toBeNull()
  })

  it('refuses objects that are nested too deeply', () => {
    const nested = Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from('03000161', 'hex')))
    expect(() => decodeAmf0(nested)).toThrow(/nested deeper than 16 levels/)
  })

  it('throws only protocol errors for arbitrary bytes', () => {
    const mutated = fc
      .tuple(fc.array(anyValue, { maxLength: 3 }), fc.nat(), fc.nat(255), fc.nat())
      .map(([values, at, byte, cut]) => {
        const bytes = encodeAmf0(...values)
        if (bytes.length > 0) bytes[at % bytes.length] = byte
        return bytes.subarray(0, bytes.length - (cut % 4))
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        try {
          decodeAmf0(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RtmpProtocolError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
