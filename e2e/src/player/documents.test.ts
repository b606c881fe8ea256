import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { openPlayer, stateOf } from './player-page'
import { openStage, type Publisher, type Stage } from './stage'

declare global {
  interface Window {
    player: IvhPlayerElement
  }
}

describe('a player that leaves its page', () => {
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

  const openPlaying = async (attributes = '') => {
    const html = `<ivh-player src="${stage.origin.play('m1')}" autoplay ${attributes}></ivh-player><iframe></iframe>`
    page = await openPlayer(stage.browser, stage.site, html)
    await eventually(() => stateOf(page)).toBe('playing')
    await page.evaluate(() => {
      const player = document.querySelector('ivh-player')
      if (player) window.player = player
    })
  }
  const look = () =>
    page.evaluate(() => {
      const { player } = window
      const action = player.shadowRoot?.querySelector('[part=action]')
      const view = player.ownerDocument.defaultView
      return {
        state: player.state,
        reason: player.error?.reason ?? null,
        host: view?.getComputedStyle(player).position,
        button: action && view?.getComputedStyle(action).position,
      }
    })
  const framesOf = () =>
    page.evaluate(() => window.player.nativeEl.getVideoPlaybackQuality().totalVideoFrames)
  const expectMovingPicture = async () => {
    await eventually(look).toEqual({
      state: 'playing',
      reason: null,
      host: 'relative',
      button: 'absolute',
    })
    const frames = await framesOf()
    await eventually(framesOf).not.toBe(frames)
  }

  it('keeps its styles and plays on in another document and back', async () => {
    await openPlaying()
    await page.evaluate(() => {
      document.querySelector('iframe')?.contentDocument?.body.append(window.player)
    })
    await expectMovingPicture()
    await page.evaluate(() => document.body.append(window.player))
    await expectMovingPicture()
    expect(stage.viewers('m1')).toBe(1)
  })

  it('listens to the visibility of the document that holds it', async () => {
    await openPlaying()
    await page.evaluate(() => {
      const inner = document.querySelector('iframe')?.contentDocument
      if (!inner) throw new Error('the iframe has no document')
      inner.body.append(window.player)
    })
    await expectMovingPicture()
    const paused = await page.evaluate(async () => {
      // The opener of a picture-in-picture document is hidden, and the document itself is not.
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
      document.dispatchEvent(new Event('visibilitychange'))
      window.player.nativeEl.muted = true
      window.player.nativeEl.pause()
      await new Promise((resolve) => setTimeout(resolve, 500))
      return window.player.paused
    })
    expect(paused).toBe(true)
  })

  const setHidden = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  const pauseFromOutside = () =>
    page.evaluate(async () => {
      let events = 0
      window.player.addEventListener('pause', () => {
        events += 1
      })
      window.player.nativeEl.pause()
      await new Promise((resolve) => setTimeout(resolve, 500))
      return { paused: window.player.paused, state: window.player.state, events }
    })

  it('stays paused after a media key paused it in a hidden page', async () => {
    await openPlaying()
    await setHidden(true)
    await page.waitForTimeout(400)
    expect(await pauseFromOutside()).toEqual({ paused: true, state: 'paused', events: 1 })
    await setHidden(false)
    await page.waitForTimeout(500)
    expect(await stateOf(page)).toBe('paused')
  })

  it('continues after the browser paused the silent video of a hidden page', async () => {
    await openPlaying('muted')
    await setHidden(true)
    await page.waitForTimeout(400)
    expect(await pauseFromOutside()).toMatchObject({ paused: false, events: 0 })
    await setHidden(false)
    const frames = await framesOf()
    await eventually(framesOf).toBeGreaterThan(frames + 10)
  })
})
