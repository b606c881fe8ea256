import { describe, expect, it } from 'vitest'
import { perform } from './performance'

const frameCount = 25 * 60
const minute = (seed: number) =>
  Array.from({ length: frameCount }, (_, frame) => perform(seed, frame * 40, 'smile'))

describe('a silent minute', () => {
  const frames = minute(7)

  it('breathes in small steps without long pauses', () => {
    let still = 0
    for (const [index, { pose }] of frames.entries()) {
      const before = frames[index - 1]?.pose ?? pose
      expect(Math.abs(pose - before)).toBeLessThanOrEqual(1)
      still = pose === before ? still + 1 : 0
      expect(still).toBeLessThan(40)
    }
    expect(new Set(frames.map(({ pose }) => pose)).size).toBeGreaterThanOrEqual(8)
    const turns = frames.filter(({ pose }, index) => pose === 4 && frames[index - 1]?.pose === 3)
    expect(turns.length).toBeGreaterThan(12)
    expect(turns.length).toBeLessThan(18)
  })

  it('blinks at uneven intervals through half-closed eyes', () => {
    const begins = frames.flatMap(({ eyes }, index) =>
      eyes !== 'open' && frames[index - 1]?.eyes === 'open' ? [index] : [],
    )
    expect(begins.length).toBeGreaterThan(12)
    expect(begins.length).toBeLessThan(30)
    const gaps = begins.slice(1).map((begin, index) => begin - (begins[index] ?? 0))
    expect(new Set(gaps).size).toBeGreaterThan(8)
    for (const begin of begins) {
      const blink = frames.slice(begin, begin + 4).map(({ eyes }) => eyes)
      expect(blink).toEqual(['half', 'closed', 'closed', 'half'])
    }
  })

  it('has the given mouth', () => {
    expect(new Set(frames.map(({ mouth }) => mouth))).toEqual(new Set(['smile']))
    expect(perform(7, 40, 'wide').mouth).toBe('wide')
  })

  it('is the same for the same seed and differs for another seed', () => {
    expect(minute(7)).toEqual(frames)
    expect(minute(8)).not.toEqual(frames)
  })
})
