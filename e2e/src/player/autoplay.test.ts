import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { eventsOf, framesOf, keepScreenshot, messageOf, openPlayer, stateOf } from './player-page'
import { openStage, type Publisher, type Stage } from './stage'

describe('autoplay in a browser that refuses sound', () => {
  let stage: Stage
  let publisher: Publisher
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ autoplay: 'block' })
    publisher = await stage.publish('m1')
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await publisher?.stop()
    await stage?.close()
  })

  const open = async (attributes: string, onReady?: (player: IvhPlayerElement) => void) => {
    const html = `<ivh-player src="${stage.origin.play('m1')}" ${attributes}></ivh-player>`
    const until = attributes === 'autoplay="muted"' ? 'statechange' : 'autoplayblocked'
    page = await openPlayer(stage.browser, stage.site, html, {
      until,
      ...(onReady ? { onReady } : {}),
    })
  }
  const muted = () =>
    page.locator('ivh-player').evaluate((player: IvhPlayerElement) => player.muted)
  const button = () => page.getByRole('button')

  it('starts muted with a button, and a tap turns the sound on', async () => {
    await open('autoplay')
    await eventually(() => stateOf(page)).toBe('playing')
    expect(await eventsOf(page, 'autoplayblocked')).toEqual([{ muted: true }])
    expect(await muted()).toBe(true)
    expect((await messageOf(page)).action).toBe('Tap for sound')
    await keepScreenshot(page, 'muted')

    await button().click()
    await eventually(muted).toBe(false)
    const frames = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(frames + 10)
    expect((await messageOf(page)).action).toBeNull()
  })

  it('does not mute a reconnected stream after the visitor has turned the sound on', async () => {
    await open('autoplay')
    await eventually(() => stateOf(page)).toBe('playing')
    await button().click()
    await eventually(muted).toBe(false)
    await publisher.stop()
    await eventually(() => stateOf(page)).toBe('waiting')
    publisher = await stage.publish('m1')
    await eventually(() => eventsOf(page, 'reconnected'), 30_000).toHaveLength(1)
    expect(await muted()).toBe(false)
  })

  it('starts muted at once with autoplay="muted"', async () => {
    await open('autoplay="muted"')
    await eventually(() => stateOf(page)).toBe('playing')
    expect(await eventsOf(page, 'autoplayblocked')).toEqual([])
    expect(await muted()).toBe(true)
    expect((await messageOf(page)).action).toBe('Tap for sound')
  })

  it('waits for a tap with autoplay="sound"', async () => {
    await open('autoplay="sound"')
    await eventually(async () => (await messageOf(page)).action).toBe('Tap to play')
    expect(await stateOf(page)).toBe('paused')
    expect(await eventsOf(page, 'autoplayblocked')).toEqual([{ muted: false }])
    expect(await muted()).toBe(false)
    await button().click()
    await eventually(() => stateOf(page)).toBe('playing')
    expect(await muted()).toBe(false)
    expect((await messageOf(page)).action).toBeNull()
  })

  it('does not start muted when the page calls preventDefault()', async () => {
    await open('autoplay', (player) => {
      player.addEventListener('autoplayblocked', (event) => event.preventDefault())
    })
    await eventually(async () => (await messageOf(page)).action).toBe('Tap to play')
    expect(await muted()).toBe(false)
    expect(await eventsOf(page, 'autoplayblocked')).toEqual([{ muted: true }])
  })

  it('rejects play() like a <video>', async () => {
    await open('', (player) => {
      player.play().catch((cause: Error) => player.setAttribute('data-refused', cause.name))
    })
    await eventually(() => page.locator('ivh-player').getAttribute('data-refused')).toBe(
      'NotAllowedError',
    )
    expect(await stateOf(page)).toBe('paused')
    expect((await messageOf(page)).action).toBe('Tap to play')
  })
})
