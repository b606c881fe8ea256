import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mask, nextMaskingKey } from './masking'

it('masks each byte with the octet of the key that is its turn, wherever it lies (RFC 6455, 5.3)', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 70 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      (payload, start, key) => {
        const memory = Buffer.alloc(80, 7)
        memory.set(payload, start)
        const end = start + payload.length
        mask(memory, new Int32Array(memory.buffer, memory.byteOffset, 20), start, end, key)
        const octets = Buffer.alloc(4)
        octets.writeInt32LE(key)
        const expected = payload.map((byte, index) => byte ^ (octets[index % 4] ?? 0))
        expect(memory.subarray(start, end)).toEqual(Buffer.from(expected))
        expect(new Set([...memory.subarray(0, start), ...memory.subarray(end)])).toEqual(
          new Set([7]),
        )
      },
    ),
    { numRuns: 1_000 },
  )
})

it('draws a key for each frame', () => {
  const keys = Array.from({ length: 5_000 }, nextMaskingKey)
  expect(new Set(keys).size).toBeGreaterThan(4_990)
})
