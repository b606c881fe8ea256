import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDigest, nativeDigest, portableDigest } from './digest'
import { md5 } from './md5'
import { sha256 } from './sha256'

const digests = [
  { algorithm: 'md5', ofBytes: md5 },
  { algorithm: 'sha256', ofBytes: sha256 },
] as const

describe.each(digests)('$algorithm in plain TypeScript', ({ algorithm, ofBytes }) => {
  const expected = (data: Uint8Array | string) => createHash(algorithm).update(data).digest('hex')

  it('agrees with node:crypto on every length up to three blocks', () => {
    for (let length = 0; length <= 193; length++) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 0xff)
      expect(ofBytes(message), `${length} bytes`).toBe(expected(message))
    }
  })

  it('agrees with node:crypto on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (message) => {
        expect(ofBytes(message)).toBe(expected(message))
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with node:crypto on any text, also non-ASCII and broken surrogates', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(portableDigest(algorithm, text)).toBe(expected(text))
      }),
      { numRuns: 500 },
    )
    expect(portableDigest(algorithm, 'broken \ud800 half')).toBe(expected('broken \ud800 half'))
  })

  it('takes a view into a larger buffer for itself alone', () => {
    const buffer = Uint8Array.from({ length: 100 }, (_, index) => index)
    const view = buffer.subarray(10, 70)
    expect(ofBytes(view)).toBe(expected(view))
  })

  it('is what the runtime gives, too', () => {
    const text = `key${algorithm}密钥`
    expect(hexDigest(algorithm, text)).toBe(expected(text))
  })
})

describe('nativeDigest', () => {
  it('is there on Node', () => {
    expect(nativeDigest(globalThis)?.('md5', '')).toBe('d41d8cd98f00b204e9800998ecf8427e')
  })

  it.each([
    ['no process', {}],
    ['a process shim', { process: {} }],
    ['a runtime that knows no node:crypto', { process: { getBuiltinModule: () => undefined } }],
    ['a node:crypto without hash', { process: { getBuiltinModule: () => ({}) } }],
  ])('is absent with %s', (_, runtime) => {
    expect(nativeDigest(runtime)).toBeUndefined()
  })
})
