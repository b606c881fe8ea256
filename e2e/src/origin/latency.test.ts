import { appendFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { type OriginStage, openOriginStage } from './origin-stage'
import { clockBits, ffmpegIsInstalled, publishClock, type TestSignal } from './test-signal'
import { framesOf, view } from './viewing-page'

/** A file for the measurements. `bench/src/latency.mjs` sets it, on a machine without other work. */
const report = process.env.LATENCY_REPORT
/** Highest median delay, in milliseconds, from the creation of a picture to its display. */
const limitsMs = report ? { leb: 200, whep: 200, flv: 1000 } : { leb: 1000, whep: 1000, flv: 4000 }

describe('delay from creation to display', () => {
  let stage: OriginStage
  let signal: TestSignal | undefined

  beforeAll(async () => {
    stage = await openOriginStage()
    if (ffmpegIsInstalled) signal = publishClock(stage.origin.push('clock'))
  })
  afterAll(async () => {
    await signal?.stop()
    await stage?.close()
  })

  it.for(['leb', 'whep', 'flv'] as const)('stays below the limit over %s', async (way, ctx) => {
    if (!ffmpegIsInstalled) ctx.skip('ffmpeg is not installed, so no delay was measured')
    await eventually(() => stage.origin.streams().length).toBe(1)
    const page = await view(stage.browser, stage.site, way, stage.address(way, 'clock'))
    try {
      await eventually(() => framesOf(page)).toBeGreaterThan(50)
      const delays = (await delaysOf(page)).sort((one, other) => one - other)
      expect(delays.length).toBeGreaterThan(40)
      const at = (share: number) => delays[Math.floor(share * delays.length)] ?? Number.NaN
      const row = {
        way,
        p50: at(0.5),
        p95: at(0.95),
        limit: limitsMs[way],
        pictures: delays.length,
      }
      if (report) appendFileSync(report, `${JSON.stringify(row)}\n`)
      expect(row.p50).toBeLessThanOrEqual(row.limit)
    } finally {
      await page.close()
    }
  })
})

/** The ages of 100 pictures at their display, in milliseconds, read from the bars in them. */
function delaysOf(page: Page): Promise<number[]> {
  return page.evaluate(async (bits) => {
    const { viewed } = window
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('this browser has no canvas')
    context.canvas.width = viewed.videoWidth
    const bars = bits + 4
    const width = viewed.videoWidth / bars
    const found: number[] = []
    for (let count = 0; count < 100; count++) {
      await new Promise((resolve) => viewed.requestVideoFrameCallback(resolve))
      const now = Date.now()
      context.drawImage(viewed, 0, 64, viewed.videoWidth, 1, 0, 0, viewed.videoWidth, 1)
      const { data } = context.getImageData(0, 0, viewed.videoWidth, 1)
      const bit = (bar: number) => ((data[Math.floor((bar + 0.5) * width) * 4] ?? 0) > 128 ? 1 : 0)
      let time = 0
      for (let bar = 0; bar < bits; bar++) time += bit(bar) * 2 ** bar
      let check = 0
      for (let bar = 0; bar < 4; bar++) check += bit(bits + bar) * 2 ** bar
      const span = 2 ** bits
      if (time % 13 === check) found.push(((now % span) - time + span) % span)
    }
    return found
  }, clockBits)
}
