import { createMediaPlane, type DigitalHuman, type MediaPlane } from '@ivh-kit/emulator-media'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { type OriginStage, openOriginStage } from './origin-stage'
import { ffmpegIsInstalled, publishTone, type TestSignal } from './test-signal'
import { framesOf, loudnessOf, movementOf, view } from './viewing-page'

const audible = 0.02

describe('the origin in a browser', () => {
  let stage: OriginStage
  let media: MediaPlane
  let human: DigitalHuman | undefined
  let signal: TestSignal | undefined
  let page: Page | undefined

  beforeAll(async () => {
    stage = await openOriginStage()
    media = await createMediaPlane({ publishTo: stage.origin, pcmSink: stage.origin })
  })
  afterEach(async () => {
    await page?.close()
    await human?.close()
    await signal?.stop()
    human = undefined
    signal = undefined
  })
  afterAll(async () => {
    await media?.close()
    await stage?.close()
  })

  const live = (name: string) =>
    eventually(() => stage.origin.streams().some((stream) => stream.name === name)).toBe(true)

  const ways = ['flv', 'hls', 'leb', 'whep'] as const
  it.each(ways)('plays speech and moving lips over %s', async (way) => {
    const name = `human-${way}`
    human = await media.open({ sessionId: name, avatar: 'e2e-avatar' })
    await live(name)
    page = await view(stage.browser, stage.site, way, stage.address(way, name))
    const viewing = page
    await eventually(() => framesOf(viewing)).toBeGreaterThan(20)
    expect(await loudnessOf(viewing)).toBeLessThan(audible / 4)
    const silent = await movementOf(viewing)
    human.say('Good morning, everybody, and welcome to this stream. '.repeat(12))
    await eventually(() => loudnessOf(viewing)).toBeGreaterThan(audible)
    await eventually(() => movementOf(viewing)).toBeGreaterThan(silent * 1.5)
    await viewing.evaluate(() => window.stopViewing?.())
    // HLS has no close: the origin counts the viewer for a while after the last request.
    await eventually(() => stage.viewers(name)).toBe(way === 'hls' ? 1 : 0)
  })

  it.for(['flv', 'hls'] as const)(
    'plays the tone of an ffmpeg stream over %s',
    async (way, ctx) => {
      if (!ffmpegIsInstalled) {
        ctx.skip(`ffmpeg is not installed, so sound over ${way} was not tested`)
      }
      const name = `tone-${way}`
      signal = publishTone(stage.origin.push(name))
      await live(name)
      page = await view(stage.browser, stage.site, way, stage.address(way, name))
      const viewing = page
      await eventually(() => framesOf(viewing)).toBeGreaterThan(20)
      expect(await loudnessOf(viewing)).toBeGreaterThan(audible)
    },
  )

  it('forgets a viewer whose page is closed', async () => {
    human = await media.open({ sessionId: 'leaving', avatar: 'e2e-avatar' })
    await live('leaving')
    page = await view(stage.browser, stage.site, 'leb', stage.address('leb', 'leaving'))
    await eventually(() => stage.viewers('leaving')).toBe(1)
    await page.close()
    await eventually(() => stage.viewers('leaving'), 45_000).toBe(0)
  })
})
