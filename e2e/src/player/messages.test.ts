import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { launchBrowser } from '../browser/launch-browser'
import { errorOf, keepScreenshot, messageOf, openPlayer, stateOf } from './player-page'
import { type PlayerSite, servePlayerSite } from './player-site'

const secret = 'f85a2ab363fe4deaffef9754d79da6fe'
const rtmpAddress = `rtmp://play.example.com/live/m789?txSecret=${secret}&txTime=5C271099`

describe('messages for the visitor', () => {
  let browser: Browser
  let site: PlayerSite
  let page: Page

  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launchBrowser(), servePlayerSite()])
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const open = async (src: string, options: { lang?: string; inner?: string } = {}) => {
    const html = `<ivh-player src="${src}" autoplay reconnect="0" ${options.inner ?? ''}></ivh-player>`
    page = await openPlayer(browser, site, html, options)
  }

  it('suggests the playable address for an rtmp:// address, without its secret', async () => {
    await open(rtmpAddress)
    await eventually(() => stateOf(page)).toBe('failed')
    const error = await errorOf(page)
    expect(error).toMatchObject({ code: 4, reason: 'unsupported' })
    for (const form of ['https://play.example.com/live/m789.flv', '.m3u8', 'webrtc://']) {
      expect(error?.message).toContain(form)
    }

    const message = await messageOf(page)
    expect(message.title).toBe('This address cannot be played here.')
    expect(message.detail).toContain('https://play.example.com/live/m789.flv?txSecret=***')
    expect(message.action).toBeNull()
    expect(`${message.detail}${error?.message}`).not.toContain(secret)
    expect(await page.locator('ivh-player [part=message]').isVisible()).toBe(true)
    await keepScreenshot(page, 'error')
  })

  it('uses the language of the nearest lang attribute', async () => {
    await open(rtmpAddress, { lang: 'zh-CN' })
    await eventually(async () => (await messageOf(page)).title).toBe('此地址无法在这里播放。')
    await keepScreenshot(page, 'error-zh')
    await page.close()

    await open(rtmpAddress, { lang: 'zh-CN', inner: 'lang="en"' })
    await eventually(async () => (await messageOf(page)).title).toContain('cannot be played')
    await page.locator('ivh-player').evaluate((player) => player.setAttribute('lang', 'zh'))
    expect((await messageOf(page)).title).toBe('此地址无法在这里播放。')
  })

  it('gives a hint after a refusal', async () => {
    await open(site.status(403))
    await eventually(() => stateOf(page)).toBe('failed')
    expect(await errorOf(page)).toMatchObject({ code: 2, reason: 'auth' })
    expect((await errorOf(page))?.message).toContain('play key')
    expect(await messageOf(page)).toEqual({
      title: 'The server refused this stream address.',
      detail:
        'The address may have expired, or its signature is wrong. Reload the page to get a new one.',
      action: 'Try again',
    })
  })

  it('reports an HTML page in place of a stream', async () => {
    await open(site.wrongContent)
    await eventually(async () => (await errorOf(page))?.reason).toBe('unsupported')
    expect((await errorOf(page))?.message).toContain('not with an FLV stream')
  })

  it('reports an unreachable server and retries with the button', async () => {
    await open('http://127.0.0.1:1/live/a.flv')
    await eventually(async () => (await errorOf(page))?.reason).toBe('network')
    await page.locator('ivh-player [part=action]').click()
    await eventually(() =>
      page.evaluate(() => window.playerEvents.filter((one) => one.type === 'error').length),
    ).toBe(2)
  })

  it('shows the texts that the page has set', async () => {
    await open(site.status(403))
    await eventually(() => stateOf(page)).toBe('failed')
    await page.locator('ivh-player').evaluate((player) => {
      if ('labels' in player) player.labels = { retry: 'Once more' }
    })
    expect((await messageOf(page)).action).toBe('Once more')
  })
})
