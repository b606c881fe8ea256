import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDigest } from './digest'

describe.each(['md5', 'sha256'] as const)('hexDigest with %s', (algorithm) => {
  it('agrees with node:crypto on any text, also non-ASCII and broken surrogates', () => {
    const expected = (text: string) => createHash(algorithm).update(text).digest('hex')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(hexDigest(algorithm, text)).toBe(expected(text))
      }),
      { numRuns: 500 },
    )
    expect(hexDigest(algorithm, 'broken \ud800 half')).toBe(expected('broken \ud800 half'))
  })
})
