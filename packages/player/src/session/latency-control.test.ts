import { describe, expect, it } from 'vitest'
import { type LatencyAdvice, LatencyControl } from './latency-control'

/** Observes every half second. Returns the advice with its time, without repetitions. */
function observe(
  control: LatencyControl,
  seconds: number,
  ahead: (second: number) => number,
): Array<[second: number, advice: LatencyAdvice]> {
  const changes: Array<[number, LatencyAdvice]> = []
  for (let second = 0; second <= seconds; second += 0.5) {
    const advice = control.observe(second * 1000, ahead(second))
    if (changes.at(-1)?.[1] !== advice) changes.push([second, advice])
  }
  return changes
}

describe('LatencyControl', () => {
  it('waits at the start until the target is buffered', () => {
    expect(observe(new LatencyControl(4), 10, (second) => Math.min(4, second))).toEqual([
      [0, 'hold'],
      [4, 'play'],
    ])
  })

  it('starts at once when the target is one second away or less', () => {
    expect(observe(new LatencyControl(1), 5, () => 0.3)).toEqual([[0, 'play']])
    expect(observe(new LatencyControl(4), 5, () => 3)).toEqual([[0, 'play']])
  })

  it('waits again after an underrun, and not when the buffer is only low', () => {
    const low = (second: number) => (second < 2 ? 4 : 0.5)
    expect(observe(new LatencyControl(4), 5, low)).toEqual([[0, 'play']])
    const underrun = (second: number) => (second < 2 ? 4 : second < 3 ? 0 : second - 2)
    expect(observe(new LatencyControl(4), 7, underrun)).toEqual([
      [0, 'play'],
      [2, 'hold'],
      [6, 'play'],
    ])
  })

  it('plays with less when the buffer does not fill in time', () => {
    expect(observe(new LatencyControl(4), 10, () => 2)).toEqual([
      [0, 'hold'],
      [6, 'play'],
    ])
  })

  it('jumps when the playhead is over two seconds too late for one second', () => {
    const control = new LatencyControl(1)
    expect(observe(control, 1, () => 3.1).at(-1)).toEqual([1, 'jump'])
    expect(observe(new LatencyControl(1), 60, () => 3)).toEqual([[0, 'play']])
  })

  it('does not jump for a short burst', () => {
    const burst = (second: number) => (second === 1 ? 9 : 1)
    expect(observe(new LatencyControl(1), 5, burst)).toEqual([[0, 'play']])
  })

  it('gives a jump 8 s before the next one', () => {
    const jumps = observe(new LatencyControl(1), 20, () => 10).filter(([, one]) => one === 'jump')
    expect(jumps.map(([second]) => second)).toEqual([1, 9, 17])
  })
})
