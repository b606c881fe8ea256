import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyedDigest, nativeSha256, portableSha256 } from './digest'
import { Md5 } from './md5'
import { sha256 } from './sha256'

const digests = [
  { algorithm: 'md5', ofBytes: (message: Uint8Array) => new Md5().append(message).hex() },
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

  it('takes a view into a larger buffer for itself alone', () => {
    const buffer = Uint8Array.from({ length: 100 }, (_, index) => index)
    const view = buffer.subarray(10, 70)
    expect(ofBytes(view)).toBe(expected(view))
  })

  it('takes any key once, also non-ASCII, and any number of names behind it', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 255 })
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 150 }),
        fc.array(fc.tuple(ascii, ascii), { minLength: 1, maxLength: 4 }),
        (key, texts) => {
          const digest = keyedDigest(algorithm, key)
          for (const [name, time] of texts) {
            expect(digest(name, time)).toBe(expected(key + name + time))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('nativeSha256', () => {
  it('is there on Node', () => {
    expect(nativeSha256(globalThis)?.('')).toBe(portableSha256(''))
  })

  it.each([
    ['no process', {}],
    ['a process shim', { process: {} }],
    ['a runtime that knows no node:crypto', { process: { getBuiltinModule: () => undefined } }],
    ['a node:crypto without hash', { process: { getBuiltinModule: () => ({}) } }],
  ])('is absent with %s', (_, runtime) => {
    expect(nativeSha256(runtime)).toBeUndefined()
  })

  it('agrees with plain TypeScript on any text, also non-ASCII and broken surrogates', () => {
    const native = nativeSha256(globalThis)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(portableSha256(text)).toBe(native?.(text))
      }),
      { numRuns: 500 },
    )
    expect(portableSha256('broken \ud800 half')).toBe(native?.('broken \ud800 half'))
  })
})
