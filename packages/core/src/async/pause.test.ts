import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createVirtualClock } from '../testing/virtual-clock'
import { pause } from './pause'

it('pause resolves with true after its delay and removes its listener from the signal', async () => {
  const clock = createVirtualClock()
  const { signal } = new AbortController()
  const paused = pause(clock, 10, signal)
  await clock.advance(10)
  expect(await paused).toBe(true)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

it('pause resolves with false at once when the signal fires, and leaves no timer', async () => {
  const clock = createVirtualClock()
  const controller = new AbortController()
  const paused = pause(clock, 10, controller.signal)
  controller.abort()
  expect(await paused).toBe(false)
  expect(clock.pending).toBe(0)
  expect(await pause(clock, 10, controller.signal)).toBe(false)
  expect(clock.pending).toBe(0)
})

it('pause works without a signal', async () => {
  const clock = createVirtualClock()
  const paused = pause(clock, 10)
  await clock.advance(10)
  expect(await paused).toBe(true)
})
