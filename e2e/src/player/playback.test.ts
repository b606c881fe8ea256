import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { framesOf, keepScreenshot, messageOf, openPlayer, pictureOf, stateOf } from './player-page'
import { openStage, type Publisher, type Stage } from './stage'

describe('playback of a live stream', () => {
  let stage: Stage
  let publisher: Publisher
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ autoplay: 'allow' })
    publisher = await stage.publish('m1')
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await publisher?.stop()
    await stage?.close()
  })

  it('shows a moving picture with sound under a strict Content-Security-Policy', async () => {
    const complaints: string[] = []
    const html = `<ivh-player src="${stage.origin.play('m1')}" autoplay></ivh-player>`
    page = await openPlayer(stage.browser, stage.site, html, { complaints })
    await eventually(() => stateOf(page)).toBe('playing')

    const frames = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(frames + 20)
    const picture = await pictureOf(page)
    await eventually(() => pictureOf(page)).not.toBe(picture)
    const seen = await page.locator('ivh-player').evaluate((player: IvhPlayerElement) => ({
      engine: player.engine,
      muted: player.muted,
      paused: player.paused,
      error: player.error,
      duration: player.duration,
      streamType: player.streamType,
      targetLiveWindow: player.targetLiveWindow,
      live: player.currentTime >= player.liveEdgeStart,
      stats: player.stats,
    }))
    expect(seen).toMatchObject({
      engine: 'flv',
      muted: false,
      paused: false,
      error: null,
      duration: Number.POSITIVE_INFINITY,
      streamType: 'live',
      targetLiveWindow: 0,
      live: true,
    })
    expect(seen.stats.framesDecoded).toBeGreaterThan(20)
    expect(seen.stats.bytesReceived).toBeGreaterThan(10_000)
    expect(seen.stats.timeToFirstFrame).toBeGreaterThan(0)
    expect(await messageOf(page)).toEqual({ title: '', detail: '', action: null })
    expect(complaints).toEqual([])
    await keepScreenshot(page, 'playing')
  })

  it('plays two streams independently', async () => {
    const other = await stage.publish('m2')
    try {
      const player = (name: string) =>
        `<ivh-player id="${name}" src="${stage.origin.play(name)}" autoplay></ivh-player>`
      page = await openPlayer(stage.browser, stage.site, player('m1') + player('m2'))
      for (const id of ['#m1', '#m2']) await eventually(() => stateOf(page, id)).toBe('playing')
      await page.locator('#m1').evaluate((one: IvhPlayerElement) => {
        one.muted = true
        one.removeAttribute('src')
      })
      await eventually(() => stateOf(page, '#m1')).toBe('idle')
      const frames = await framesOf(page, '#m2')
      await eventually(() => framesOf(page, '#m2')).toBeGreaterThan(frames + 10)
      expect(await page.locator('#m2').evaluate((one: IvhPlayerElement) => one.muted)).toBe(false)
    } finally {
      await other.stop()
    }
  })

  it('plays a stream without the audio that its header promises', async () => {
    const src = stage.site.withoutSound(stage.origin.play('m1'))
    page = await openPlayer(
      stage.browser,
      stage.site,
      `<ivh-player src="${src}" autoplay></ivh-player>`,
    )
    await eventually(() => stateOf(page)).toBe('playing')
    const frames = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(frames + 20)
  })

  it('seeks to the latency before the live edge', async () => {
    const html = `<ivh-player src="${stage.origin.play('m1')}" autoplay></ivh-player>`
    page = await openPlayer(stage.browser, stage.site, html)
    await eventually(() => stateOf(page)).toBe('playing')
    const player = page.locator('ivh-player')
    const ahead = () => player.evaluate((one: IvhPlayerElement) => one.stats.bufferAhead)
    await player.evaluate((one: IvhPlayerElement) => one.pause())
    await eventually(ahead).toBeGreaterThan(3)
    const left = await player.evaluate((one: IvhPlayerElement) => {
      one.currentTime = Number.MAX_SAFE_INTEGER
      return one.stats.bufferAhead
    })
    expect(left).toBeCloseTo(1, 1)
    await player.evaluate((one: IvhPlayerElement) => one.play())
    const frames = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(frames + 10)
    expect((await messageOf(page)).title).toBe('')
  })
})
