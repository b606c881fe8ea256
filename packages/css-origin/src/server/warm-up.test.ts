import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CssOrigin, createCssOrigin } from './css-origin'
import { warmUpWebRtc } from './warm-up'

const loaded = vi.hoisted(() => vi.fn())
vi.mock('werift', () => {
  loaded()
  return {}
})

beforeEach(() => {
  vi.resetModules()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
let origin: CssOrigin | undefined
afterEach(async () => {
  await origin?.close()
  vi.useRealTimers()
  loaded.mockClear()
})

async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await vi.dynamicImportSettled()
}

test('WebRTC is loaded when nothing is on the air, a while after the origin has begun', async () => {
  origin = await createCssOrigin()
  await pass(249)
  expect(loaded).not.toHaveBeenCalled()
  await pass(1)
  expect(loaded).toHaveBeenCalledOnce()
})

test('it is not loaded for an origin that has ended', async () => {
  origin = await createCssOrigin()
  await origin.close()
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})

test('nor for one that lets no viewers over WebRTC in', async () => {
  origin = await createCssOrigin({ limits: { maxWebRtcViewers: 0 } })
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})

test('it disturbs no stream', async () => {
  warmUpWebRtc(() => false)
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})
