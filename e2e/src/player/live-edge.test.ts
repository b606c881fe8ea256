import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { openPlayer, stateOf } from './player-page'
import { openStage, type Publisher, type Stage } from './stage'

describe('the picture and its distance from the live edge', () => {
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

  const open = async (src: string, attributes = '', count = 1) => {
    const html = `<ivh-player src="${src}" autoplay ${attributes}></ivh-player>`.repeat(count)
    page = await openPlayer(stage.browser, stage.site, html)
    await eventually(() => stateOf(page, 'ivh-player:first-of-type')).toBe('playing')
  }
  const measure = () =>
    page.locator('ivh-player').evaluateAll((players) =>
      players.map((player) => {
        const { stats } = player as IvhPlayerElement
        return { pictures: stats.framesDecoded, ahead: stats.bufferAhead }
      }),
    )
  /** New pictures of each player within 2 s, and the largest distance from the live edge. */
  const watch = async () => {
    const before = await measure()
    await page.waitForTimeout(2_000)
    const after = await measure()
    return {
      fewestPictures: Math.min(
        ...after.map(({ pictures }, index) => pictures - (before[index]?.pictures ?? 0)),
      ),
      farthest: Math.max(...after.map(({ ahead }) => ahead)),
    }
  }

  it('shows a moving picture at the live edge within 10 s after timestamps leap by a minute', async () => {
    await open(stage.site.shifted(stage.origin.play('m1'), { after: 3_000, by: 60_000 }))
    await page.waitForTimeout(13_000)
    const { fewestPictures, farthest } = await watch()
    expect(fewestPictures).toBeGreaterThan(20)
    expect(farthest).toBeLessThan(4)
  })

  it('shows a moving picture to every viewer within 10 s after timestamps step back', async () => {
    const src = stage.site.shifted(stage.origin.play('m1'), { after: 3_000, by: -800 })
    await open(src, 'muted', 3)
    await page.waitForTimeout(13_000)
    const { fewestPictures, farthest } = await watch()
    expect(fewestPictures).toBeGreaterThan(20)
    expect(farthest).toBeLessThan(4)
  })

  it('jumps to the live edge when a stream begins with ten seconds of the past', async () => {
    await open(stage.site.withBacklog(stage.origin.play('m1'), 9))
    await page.waitForTimeout(5_000)
    const { fewestPictures, farthest } = await watch()
    expect(fewestPictures).toBeGreaterThan(20)
    expect(farthest).toBeLessThan(4)
  })

  it('plays the latency behind the live edge', async () => {
    await open(stage.origin.play('m1'), 'latency="4"')
    const { fewestPictures, farthest } = await watch()
    expect(fewestPictures).toBeGreaterThan(20)
    expect(farthest).toBeGreaterThan(3)
    expect(farthest).toBeLessThan(6)
  })
})
