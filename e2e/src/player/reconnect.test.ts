import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { eventsOf, framesOf, messageOf, openPlayer, stateOf } from './player-page'
import { openStage, type Stage } from './stage'

describe('reconnecting', () => {
  let stage: Stage
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ autoplay: 'allow' })
  })
  afterEach(() => page?.close())
  afterAll(() => stage?.close())

  const open = async (src: string, attributes = '') => {
    const html = `<ivh-player src="${src}" autoplay ${attributes}></ivh-player>`
    page = await openPlayer(stage.browser, stage.site, html)
  }

  it('waits for a stream that is not live yet and plays it when it starts', async () => {
    await open(stage.origin.play('late'))
    await eventually(() => stateOf(page)).toBe('waiting')
    expect((await messageOf(page)).title).toContain('has not started yet')
    expect(await eventsOf(page, 'error')).toEqual([])
    const publisher = await stage.publish('late')
    await eventually(() => stateOf(page), 30_000).toBe('playing')
    expect((await messageOf(page)).title).toBe('')
    await publisher.stop()
  })

  it('plays again when the publisher returns', async () => {
    const first = await stage.publish('again')
    await open(stage.origin.play('again'))
    await eventually(() => stateOf(page)).toBe('playing')
    await first.stop()
    await eventually(() => stateOf(page)).toBe('waiting')
    expect((await messageOf(page)).title).toContain('has stopped')
    expect(await eventsOf(page, 'reconnecting')).toContainEqual(
      expect.objectContaining({ attempt: 1, reason: 'not-live' }),
    )
    const second = await stage.publish('again')
    await eventually(() => eventsOf(page, 'reconnected'), 30_000).toHaveLength(1)
    const frames = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(frames + 10)
    expect(stage.viewers('again')).toBe(1)
    await second.stop()
  })

  it('asks urlProvider for a new address when the server refuses the old one', async () => {
    const publisher = await stage.publish('signed')
    await open('about:blank', 'reconnect="2"')
    await page.locator('ivh-player').evaluate(
      (player: IvhPlayerElement, [refused, fresh]) => {
        player.urlProvider = async ({ reason }) => (reason === 'auth' ? (fresh ?? '') : '')
        player.src = refused ?? ''
      },
      [stage.site.status(403), stage.origin.play('signed')],
    )
    await eventually(() => stateOf(page)).toBe('playing')
    await publisher.stop()
  })

  it('ends when the stream stops and no attempt is left', async () => {
    const publisher = await stage.publish('short')
    await open(stage.origin.play('short'), 'reconnect="0"')
    await eventually(() => stateOf(page)).toBe('playing')
    await publisher.stop()
    await eventually(() => stateOf(page)).toBe('ended')
    expect(await messageOf(page)).toMatchObject({
      title: 'The live stream has ended.',
      action: 'Try again',
    })
    expect(await eventsOf(page, 'error')).toEqual([])
  })

  it('replaces a connection that carries no more data', async () => {
    const publisher = await stage.publish('dry')
    const tap = stage.site.tap(stage.origin.play('dry'))
    await open(tap.url)
    await eventually(() => stateOf(page)).toBe('playing')
    tap.freeze()
    await eventually(() => stateOf(page)).toBe('stalled')
    await eventually(() => stateOf(page)).toBe('reconnecting')
    expect((await messageOf(page)).title).toContain('Reconnecting, attempt 1')
    // The player has closed the frozen connection and opened a new one.
    await eventually(() => tap.frozen).toBe(0)
    await eventually(() => eventsOf(page, 'reconnected')).toHaveLength(1)
    await publisher.stop()
  })

  it('explains why the seventh stream of one host waits', async () => {
    const publisher = await stage.publish('many')
    const html = Array.from(
      { length: 7 },
      (_, index) =>
        `<ivh-player src="${stage.origin.play('many')}&n=${index}" autoplay muted></ivh-player>`,
    ).join('')
    page = await openPlayer(stage.browser, stage.site, html)
    const waiting = () =>
      page.locator('ivh-player').evaluateAll((players) =>
        players
          .map((player) => player as IvhPlayerElement)
          .filter((player) => player.state !== 'playing')
          .map((player) => [
            player.state,
            player.shadowRoot?.querySelector('[part=message-title]')?.textContent,
          ]),
      )
    await eventually(waiting).toEqual([['reconnecting', 'Too many live streams are open.']])
    expect(await eventsOf(page, 'reconnecting')).toContainEqual(
      expect.objectContaining({ reason: 'connection-limit' }),
    )
    await publisher.stop()
  })

  it('gives the reason of every reconnect in the event, and once in the console', async () => {
    const complaints: string[] = []
    const html = '<ivh-player src="http://127.0.0.1:1/live/a.flv" autoplay></ivh-player>'
    page = await openPlayer(stage.browser, stage.site, html, { complaints })
    await page.locator('ivh-player').evaluate((player: IvhPlayerElement) => {
      player.addEventListener('reconnecting', ({ detail }) => {
        player.title += detail.error.message
      })
    })
    await eventually(() => eventsOf(page, 'reconnecting')).toHaveLength(3)
    const told = await page.locator('ivh-player').getAttribute('title')
    expect(told).toContain('Access-Control-Allow-Origin')
    const warnings = complaints.filter((one) => one.startsWith('<ivh-player>'))
    expect(warnings).toEqual([expect.stringContaining('Access-Control-Allow-Origin')])
  })
})
