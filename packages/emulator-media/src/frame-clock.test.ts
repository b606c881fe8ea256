import { expect, it } from 'vitest'
import { FrameClock } from './frame-clock'
import { FakeClock } from './testing/fake-clock'

const fail = (error: unknown): never => {
  throw error
}

function start() {
  const clock = new FakeClock()
  const frames = FrameClock.of(clock)
  const seen: number[] = []
  const stop = frames.subscribe((frame) => seen.push(frame), fail)
  return { clock, frames, seen, stop }
}

it('calls 25 frames per second without drift', () => {
  const { clock, seen } = start()
  for (let step = 0; step < 1000; step++) clock.advance(7.3)
  expect(seen).toEqual(Array.from({ length: 182 }, (_, index) => index + 1))
})

it('skips the missed frames after a stall', () => {
  const { clock, seen } = start()
  clock.advance(80)
  clock.stall(1010)
  clock.advance(40)
  expect(seen).toEqual([1, 2, 27, 28])
})

it('shares one timer between all listeners of a clock', () => {
  const { clock, frames, seen } = start()
  expect(FrameClock.of(clock)).toBe(frames)
  const others: number[] = []
  frames.subscribe((frame) => others.push(frame), fail)
  expect(clock.pending).toBe(1)
  clock.advance(80)
  expect(others).toEqual(seen)
})

it('has no timer without listeners, and a later listener gets the right frame', () => {
  const { clock, frames, stop } = start()
  stop()
  expect(clock.pending).toBe(0)
  clock.advance(1000)
  const seen: number[] = []
  frames.subscribe((frame) => seen.push(frame), fail)
  clock.advance(80)
  expect(seen).toEqual([26, 27])
})

it('does not call a listener that unsubscribed during a frame', () => {
  const { clock, frames, seen } = start()
  let calls = 0
  const stop = frames.subscribe(() => {
    calls += 1
    stop()
  }, fail)
  clock.advance(120)
  expect([calls, seen.length]).toEqual([1, 3])
})

it('removes a listener that throws and continues with the others', () => {
  const clock = new FakeClock()
  const frames = FrameClock.of(clock)
  const [failures, seen]: [unknown[], number[]] = [[], []]
  frames.subscribe(
    () => {
      throw new Error('no picture')
    },
    (error) => failures.push(error),
  )
  frames.subscribe((frame) => seen.push(frame), fail)
  clock.advance(120)
  expect(failures).toEqual([new Error('no picture')])
  expect(seen).toEqual([1, 2, 3])
})

it('removes the timer when the only listener throws', () => {
  const clock = new FakeClock()
  FrameClock.of(clock).subscribe(
    () => {
      throw new Error('no picture')
    },
    () => undefined,
  )
  clock.advance(120)
  expect(clock.pending).toBe(0)
})
