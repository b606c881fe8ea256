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

  it.each([100, 500, 800, 950])('continues by one frame after a step back by %i ms', (back) => {
    const steps = [
      ...[[video, 5000] as const, [audio, 5010] as const, [video, 5040] as const],
      ...[[video, 5080 - back] as const, [audio, 5033 - back] as const],
      ...[[video, 5120 - back] as const, [audio, 5056 - back] as const],
    ]
    expect(follow(...steps)).toEqual([5000, 5010, 5040, 5080, 5033, 5120, 5056])
  })

  it('never goes back for jitter', () => {
    expect(follow([video, 40], [video, 80], [video, 60], [video, 120])).toEqual([40, 80, 80, 120])
  })

  it('continues by one frame when the time of both kinds leaps ahead', () => {
    const steps = [
      ...[[video, 4920] as const, [audio, 4940] as const],
      ...[[video, 4960] as const, [audio, 4963] as const],
      ...[[audio, 64_986] as const, [video, 65_000] as const, [audio, 65_009] as const],
    ]
    expect(follow(...steps)).toEqual([4920, 4940, 4960, 4963, 5003, 5017, 5026])
  })

  it('follows a step of only one kind', () => {
    const steps = [
      ...[[video, 5000] as const, [audio, 5000] as const],
      ...[[video, 4240] as const, [audio, 5023] as const],
      ...[[video, 4280] as const, [audio, 5046] as const],
    ]
    expect(follow(...steps)).toEqual([5000, 5000, 5040, 5023, 5080, 5046])
  })

  it('gives the reached time to late media of an abandoned time line', () => {
    const steps = [
      ...[[video, 103_960] as const, [audio, 103_960] as const],
      ...[[video, 0] as const, [audio, 5] as const, [video, 40] as const, [audio, 28] as const],
      ...[[audio, 103_983] as const, [audio, 103_999] as const],
      ...[[audio, 51] as const, [video, 80] as const],
    ]
    expect(follow(...steps)).toEqual([
      ...[103_960, 103_960, 104_000, 104_005, 104_040, 104_028],
      ...[104_028, 104_028, 104_051, 104_080],
    ])
  })

  it('continues pictures after a pause during which the sound went on', () => {
    const sounds = Array.from({ length: 60 }, (_, index) => [audio, 500 * (index + 1)] as const)
    const steps = [[video, 0] as const, [video, 40] as const, ...sounds, [video, 30_000] as const]
    expect(follow(...steps).at(-1)).toBe(30_000)
  })

  it('follows pictures that are seconds apart', () => {
    const steps = [0, 4000, 8000, 12_000].map((at) => [video, at] as const)
    expect(follow(...steps)).toEqual([0, 4000, 8000, 12_000])
  })

  it('starts sound with an unrelated time at the time of the pictures', () => {
    expect(follow([video, 90_000], [audio, 0], [audio, 23])).toEqual([90_000, 90_000, 90_023])
  })

  it('uses the time of a header only when it is near the time of the stream', () => {
    const time = new StreamTime()
    expect(time.near(70)).toBe(70)
    time.follow(video, 5000)
    expect([0, 4990, 5040, 9000].map((at) => time.near(at))).toEqual([5000, 5000, 5040, 5000])
  })
})
