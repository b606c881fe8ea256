import { describe, expect, it } from 'vitest'
import { StreamTime } from './stream-time'

const [AUDIO, VIDEO] = [8, 9] as const
const DAY_MS = 86_400_000

function follow(...steps: readonly (readonly [kind: 8 | 9, published: number])[]): number[] {
  const time = new StreamTime()
  return steps.map(([kind, published]) => time.follow(kind, published >>> 0))
}

describe('stream time', () => {
  it("follows the publisher's time", () => {
    expect(follow([VIDEO, 7000], [AUDIO, 6990], [VIDEO, 7040], [AUDIO, 7011])).toEqual([
      ...[7000, 6990, 7040, 7011],
    ])
  })

  it('continues over the wrap of 32 bits and for longer than half of it', () => {
    const steps = Array.from({ length: 60 }, (_, day) => [VIDEO, day * DAY_MS] as const)
    expect(follow(...steps).at(-1)).toBe(59 * DAY_MS)
  })

  it('continues by one frame when the publisher restarts', () => {
    const steps = [
      ...[[VIDEO, 50_000] as const, [AUDIO, 50_010] as const],
      ...[[AUDIO, 0] as const, [VIDEO, 5] as const, [AUDIO, 21] as const, [VIDEO, 45] as const],
    ]
    expect(follow(...steps)).toEqual([50_000, 50_010, 50_050, 50_055, 50_071, 50_095])
  })

  it('accepts sound that lags the picture', () => {
    const steps = [0, 40, 80, 120].flatMap((at) => [
      ...[[VIDEO, at + 3000] as const, [AUDIO, at] as const],
    ])
    expect(follow(...steps)).toEqual([3000, 0, 3040, 40, 3080, 80, 3120, 120])
  })

  it('uses the time of a header only when it is near the time of the stream', () => {
    const time = new StreamTime()
    expect(time.near(70)).toBe(70)
    time.follow(VIDEO, 5000)
    expect([0, 4990, 5040, 9000].map((at) => time.near(at))).toEqual([5000, 5000, 5040, 5000])
  })
})
