import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Browser, Page } from 'playwright-core'
import { loudnessOfElement } from '../browser/loudness'
import type { PageOptions, PlayerSite } from './player-site'

const PLAYER = 'ivh-player'

declare global {
  interface Window {
    /** The player's own events since the page began, in order. */
    heard: Array<{ type: string; detail: unknown }>
  }
}

/** Opens a page with this body that writes down what the players on it fire. */
export async function openPlayer(
  browser: Browser,
  site: PlayerSite,
  body: string,
  options: PageOptions & {
    /** Filled with what the page complains of in the console, and its uncaught errors. */
    complaints?: string[]
    /**
     * Wait for this event before anything else is done in the page. Whatever a test evaluates in
     * a page counts as a gesture there, and with a gesture no sound is refused any more.
     */
    until?: string
    /** What the page itself does once the player is defined. */
    onReady?: (player: IvhPlayerElement) => void
  } = {},
): Promise<Page> {
  const page = await browser.newPage()
  await page.addInitScript(() => {
    window.heard = []
    for (const type of ['statechange', 'autoplayblocked', 'reconnecting', 'reconnected', 'error'])
      document.addEventListener(
        type,
        (event) => {
          if (!(event instanceof CustomEvent)) return
          window.heard.push({ type, detail: event.detail })
          // biome-ignore lint/suspicious/noConsole: how a page says something without being asked
          console.debug(type)
        },
        // Media events do not bubble; on their way down they can be heard.
        { capture: true },
      )
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      options.complaints?.push(message.text())
  })
  const { onReady, until } = options
  if (onReady)
    await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
      (${onReady})(document.querySelector('${PLAYER}'))
    })`)
  const happened = until
    ? page.waitForEvent('console', (message) => message.text() === until)
    : undefined
  page.on('pageerror', (error) => options.complaints?.push(String(error)))
  await page.goto(site.page(body, options))
  await happened
  return page
}

/** Details of the events of one type, in order. */
export function heard(page: Page, type: string): Promise<unknown[]> {
  return page.evaluate(
    (wanted) => window.heard.filter((one) => one.type === wanted).map((one) => one.detail),
    type,
  )
}

export function stateOf(page: Page, selector = PLAYER): Promise<string> {
  return page.locator(selector).evaluate((player: IvhPlayerElement) => player.state)
}

export function errorOf(page: Page) {
  return page.locator(PLAYER).evaluate((player: IvhPlayerElement) => {
    const { error } = player
    return error && { code: error.code, reason: error.reason, message: error.message }
  })
}

/** The loudest root mean square of the player's sound in the next second; 1 is as loud as can be. */
export async function loudnessOf(page: Page): Promise<number> {
  const video = await page.evaluateHandle(() => {
    const player = document.querySelector<IvhPlayerElement>('ivh-player')
    if (!player?.nativeEl) throw new Error('there is no player')
    return player.nativeEl
  })
  return loudnessOfElement(video)
}

export function framesOf(page: Page, selector = PLAYER): Promise<number> {
  return page
    .locator(selector)
    .evaluate((player: IvhPlayerElement) => player.getVideoPlaybackQuality().totalVideoFrames)
}

/** The words on the player, as a visitor reads them. */
export function messageOf(page: Page, selector = PLAYER) {
  return page.locator(selector).evaluate((player: IvhPlayerElement) => {
    const text = (part: string) =>
      player.shadowRoot?.querySelector(`[part=${part}]`)?.textContent ?? ''
    const button = player.shadowRoot?.querySelector('button')
    return {
      title: text('message-title'),
      detail: text('message-detail'),
      action: button && !button.hidden ? button.textContent : null,
    }
  })
}

/** A number that changes when the picture does. */
export function pictureOf(page: Page, selector = PLAYER): Promise<number> {
  return page.locator(selector).evaluate((player: IvhPlayerElement) => {
    const context = new OffscreenCanvas(64, 64).getContext('2d')
    if (!context) throw new Error('This browser has no canvas.')
    context.drawImage(player.nativeEl, 0, 0, 64, 64)
    const { data } = context.getImageData(0, 0, 64, 64)
    return data.reduce((sum, byte, index) => (sum * 31 + byte * (index + 1)) % 2_147_483_647, 7)
  })
}

/** Keeps a picture of the page in the folder that `IVH_SCREENSHOTS` names, if it does. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.IVH_SCREENSHOTS
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
