import { afterEach, beforeEach, expect, it, vi } from 'vitest'
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

it('loads WebRTC shortly after the start while no stream is live', async () => {
  origin = await createCssOrigin()
  await pass(249)
  expect(loaded).not.toHaveBeenCalled()
  await pass(1)
  expect(loaded).toHaveBeenCalledOnce()
})

it('does not load WebRTC for a closed origin', async () => {
  origin = await createCssOrigin()
  await origin.close()
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})

it('does not load WebRTC for an origin without WebRTC viewers', async () => {
  origin = await createCssOrigin({ limits: { maxWebRtcViewers: 0 } })
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})

it('does not load WebRTC while a stream is live', async () => {
  warmUpWebRtc(() => false)
  await pass(1000)
  expect(loaded).not.toHaveBeenCalled()
})
