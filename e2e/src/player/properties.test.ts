import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { launchBrowser } from '../browser/launch-browser'
import { openPlayer, stateOf } from './player-page'
import { type PlayerSite, servePlayerSite } from './player-site'

describe('properties and attributes as frameworks write them', () => {
  let browser: Browser
  let site: PlayerSite
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launchBrowser({ autoplay: 'allow' }), servePlayerSite()])
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const open = async (attributes: string) => {
    complaints = []
    page = await openPlayer(browser, site, `<ivh-player ${attributes}></ivh-player>`, {
      complaints,
    })
  }

  it.each([null, undefined])('has no source when src is %s', async (nothing) => {
    await open(`src="${site.silentStream}" autoplay`)
    await eventually(() => stateOf(page)).toBe('loading')
    const seen = await page
      .locator('ivh-player')
      .evaluate(async (player: IvhPlayerElement, address) => {
        player.src = address
        await new Promise((resolve) => setTimeout(resolve, 200))
        return [player.state, player.src, player.getAttribute('src'), player.error]
      }, nothing)
    expect(seen).toEqual(['idle', '', null, null])
    await eventually(() => site.silentViewers).toBe(0)
  })

  it.each([null, undefined])('uses the default for every property that is %s', async (nothing) => {
    await open(
      'latency="3" reconnect="2" preload="none" poster="" volume="0.5" controls loop crossorigin="anonymous" controlslist="nodownload"',
    )
    const seen = await page.locator('ivh-player').evaluate((player: IvhPlayerElement, value) => {
      player.volume = 0.9
      const names = [
        ...['latency', 'reconnect', 'labels', 'urlProvider', 'volume', 'preload', 'poster'],
        ...['autoplay', 'controls', 'loop', 'crossOrigin', 'controlsList'],
      ]
      for (const name of names) Object.assign(player, { [name]: value })
      const { latency, reconnect, labels, urlProvider, volume, paused } = player
      return {
        own: { latency, reconnect, labels, urlProvider, volume, paused },
        attributes: player.getAttributeNames(),
        inner: player.nativeEl.getAttributeNames().sort(),
      }
    }, nothing)
    expect(seen).toEqual({
      own: {
        latency: 1,
        reconnect: Number.POSITIVE_INFINITY,
        labels: {},
        urlProvider: null,
        volume: 0.5,
        paused: true,
      },
      attributes: ['volume'],
      inner: ['part', 'playsinline'],
    })
  })

  it('treats the text "false" of a boolean attribute as off and warns once', async () => {
    await open(
      `src="${site.silentStream}" autoplay="false" muted="false" controls="false" loop="false"`,
    )
    await eventually(() => stateOf(page)).toBe('paused')
    const seen = await page.locator('ivh-player').evaluate((player: IvhPlayerElement) => {
      const second = document.createElement('ivh-player')
      second.setAttribute('muted', 'false')
      second.setAttribute('autoplay', 'false')
      document.body.append(second)
      const { controls, loop, defaultMuted } = player.nativeEl
      return { muted: player.muted, controls, loop, defaultMuted, second: second.muted }
    })
    expect(seen).toEqual({
      muted: false,
      controls: false,
      loop: false,
      defaultMuted: false,
      second: false,
    })
    expect(await stateOf(page, 'ivh-player:last-of-type')).toBe('idle')
    expect(complaints.map((one) => one.replace(/ counts.*/, '')).sort()).toEqual([
      '<ivh-player>: autoplay="false"',
      '<ivh-player>: controls="false"',
      '<ivh-player>: loop="false"',
      '<ivh-player>: muted="false"',
    ])
    expect(site.silentViewers).toBe(0)
  })

  it('plays when autoplay="false" becomes autoplay', async () => {
    await open(`src="${site.silentStream}" autoplay="false"`)
    await eventually(() => stateOf(page)).toBe('paused')
    await page.locator('ivh-player').evaluate((player) => player.setAttribute('autoplay', 'true'))
    await eventually(() => stateOf(page)).toBe('loading')
  })
})
