import { describe, expect, it } from 'vitest'
import { StreamTime } from './stream-time'

const [audio, video] = [8, 9] as const
const dayMs = 86_400_000

function follow(...steps: readonly (readonly [kind: 8 | 9, published: number])[]): number[] {
  const time = new StreamTime()
  return steps.map(([kind, published]) => time.follow(kind, published >>> 0))
}

describe('stream time', () => {
  it("follows the publisher's time", () => {
    expect(follow([video, 7000], [audio, 6990], [video, 7040], [audio, 7011])).toEqual([
      ...[7000, 6990, 7040, 7011],
    ])
  })

  it('continues over the wrap of 32 bits and for longer than half of it', () => {
    const steps = Array.from({ length: 60 }, (_, day) => [video, day * dayMs] as const)
    expect(follow(...steps).at(-1)).toBe(59 * dayMs)
  })

  it('continues by one frame when the publisher restarts', () => {
    const steps = [
      ...[[video, 50_000] as const, [audio, 50_010] as const],
      ...[[audio, 0] as const, [video, 5] as const, [audio, 21] as const, [video, 45] as const],
    ]
    expect(follow(...steps)).toEqual([50_000, 50_010, 50_050, 50_055, 50_071, 50_095])
  })

  it('accepts sound that lags the picture', () => {
    const steps = [0, 40, 80, 120].flatMap((at) => [
      ...[[video, at + 3000] as const, [audio, at] as const],
    ])
    expect(follow(...steps)).toEqual([3000, 0, 3040, 40, 3080, 80, 3120, 120])
  })

  it('uses the time of a header only when it is near the time of the stream', () => {
    const time = new StreamTime()
    expect(time.near(70)).toBe(70)
    time.follow(video, 5000)
    expect([0, 4990, 5040, 9000].map((at) => time.near(at))).toEqual([5000, 5000, 5040, 5000])
  })
})
