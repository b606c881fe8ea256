import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fuzzed, fuzzTimeoutMs } from '../../testing/fuzz'
import { recordFrames } from '../../testing/recorded-frames'
import { serverFrame } from '../../testing/server-frames'

const frame = fc
  .record({
    opcode: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) },
      fc.nat({ max: 15 }),
    ),
    final: fc.boolean(),
    reserved: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat({ max: 7 })),
    masked: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
    payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' })),
    saidLength: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined, freq: 6 }),
  })
  .map(({ saidLength, ...parts }) =>
    serverFrame(saidLength === undefined ? parts : { ...parts, saidLength }),
  )
const bytes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(frame, { maxLength: 8 }).map((frames) => Buffer.concat(frames)),
  },
  fc.uint8Array({ maxLength: 400 }).map((random) => Buffer.from(random)),
)
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 })

it('whatever a server sends, and however it is cut: no throw, the same is heard, one end at most', {
  timeout: fuzzTimeoutMs,
}, () => {
  fc.assert(
    fc.property(bytes, cuts, (sent, sizes) => {
      const whole = recordFrames()
      whole.reader.push(Buffer.from(sent))
      const pieces = recordFrames()
      let at = 0
      for (const size of [...sizes, sent.length]) {
        pieces.reader.push(Buffer.from(sent.subarray(at, at + size)))
        at += size
      }
      expect(pieces.heard).toEqual(whole.heard)
      const ends = whole.heard.filter(([what]) => what === 'close' || what === 'violation')
      expect(ends.length).toBeLessThan(2)
      if (ends.length === 1) expect(whole.heard.at(-1)).toBe(ends[0])
    }),
    fuzzed(1_000),
  )
})
