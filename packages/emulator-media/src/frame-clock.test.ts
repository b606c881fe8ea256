import { createFakeClock } from '@ivh-kit/kernel/testing'
import { expect, it } from 'vitest'
import { FrameClock } from './frame-clock'

const fail = (error: unknown): never => {
  throw error
}

function start() {
  const { clock, timers } = createFakeClock()
  const frames = FrameClock.of(clock)
  const seen: number[] = []
  const stop = frames.subscribe((frame) => seen.push(frame), fail)
  return { clock, frames, seen, stop, timers }
}

it('calls 25 frames per second without drift', () => {
  const { seen, timers } = start()
  for (let step = 0; step < 1000; step++) timers.tick(7.3)
  expect(seen).toEqual(Array.from({ length: 182 }, (_, index) => index + 1))
})

it('skips the missed frames after a stall', () => {
  const { seen, timers } = start()
  timers.tick(80)
  timers.jump(1010)
  timers.tick(40)
  expect(seen).toEqual([1, 2, 27, 28])
})

it('shares one timer between all listeners of a clock', () => {
  const { clock, frames, seen, timers } = start()
  expect(FrameClock.of(clock)).toBe(frames)
  const others: number[] = []
  frames.subscribe((frame) => others.push(frame), fail)
  expect(timers.countTimers()).toBe(1)
  timers.tick(80)
  expect(others).toEqual(seen)
})

it('has no timer without listeners, and a later listener gets the right frame', () => {
  const { frames, stop, timers } = start()
  stop()
  expect(timers.countTimers()).toBe(0)
  timers.tick(1000)
  const seen: number[] = []
  frames.subscribe((frame) => seen.push(frame), fail)
  timers.tick(80)
  expect(seen).toEqual([26, 27])
})

it('does not call a listener that unsubscribed during a frame', () => {
  const { frames, seen, timers } = start()
  let calls = 0
  const stop = frames.subscribe(() => {
    calls += 1
    stop()
  }, fail)
  timers.tick(120)
  expect([calls, seen.length]).toEqual([1, 3])
})

it('removes a listener that throws and continues with the others', () => {
  const { clock, timers } = createFakeClock()
  const frames = FrameClock.of(clock)
  const [failures, seen]: [unknown[], number[]] = [[], []]
  frames.subscribe(
    () => {
      throw new Error('no picture')
    },
    (error) => failures.push(error),
  )
  frames.subscribe((frame) => seen.push(frame), fail)
  timers.tick(120)
  expect(failures).toEqual([new Error('no picture')])
  expect(seen).toEqual([1, 2, 3])
})

it('removes the timer when the only listener throws', () => {
  const { clock, timers } = createFakeClock()
  FrameClock.of(clock).subscribe(
    () => {
      throw new Error('no picture')
    },
    () => undefined,
  )
  timers.tick(120)
  expect(timers.countTimers()).toBe(0)
})
