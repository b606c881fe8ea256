import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Browser, Page } from 'playwright-core'
import { loudnessOfElement } from '../browser/loudness'
import type { PageOptions, PlayerSite } from './player-site'

const playerSelector = 'ivh-player'

declare global {
  interface Window {
    /** The player's own events since the page was loaded, in order. */
    playerEvents: Array<{ type: string; detail: unknown }>
  }
}

/** Opens a page with this body and records the events of its players. */
export async function openPlayer(
  browser: Browser,
  site: PlayerSite,
  body: string,
  options: PageOptions & {
    /** Receives the page's console warnings, console errors and uncaught errors. */
    complaints?: string[]
    /**
     * Waits for this event before the test touches the page. Every evaluated script counts as a
     * gesture, and after a gesture the browser no longer refuses sound.
     */
    until?: string
    /** Runs in the page once the player is defined. */
    onReady?: (player: IvhPlayerElement) => void
  } = {},
): Promise<Page> {
  const page = await browser.newPage()
  await page.addInitScript(() => {
    window.playerEvents = []
    for (const type of ['statechange', 'autoplayblocked', 'reconnecting', 'reconnected', 'error']) {
      document.addEventListener(
        type,
        (event) => {
          if (!(event instanceof CustomEvent)) return
          window.playerEvents.push({ type, detail: event.detail })
          // biome-ignore lint/suspicious/noConsole: tells the test without a script in the page
          console.debug(type)
        },
        // Media events do not bubble, so the listener takes them in the capture phase.
        { capture: true },
      )
    }
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      options.complaints?.push(message.text())
    }
  })
  const { onReady, until } = options
  if (onReady) {
    await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
      (${onReady})(document.querySelector('${playerSelector}'))
    })`)
  }
  const happened = until
    ? page.waitForEvent('console', (message) => message.text() === until)
    : undefined
  page.on('pageerror', (error) => options.complaints?.push(String(error)))
  await page.goto(site.page(body, options))
  await happened
  return page
}

/** Details of the player's events of one type, in order. */
export function eventsOf(page: Page, type: string): Promise<unknown[]> {
  return page.evaluate(
    (type) => window.playerEvents.filter((one) => one.type === type).map((one) => one.detail),
    type,
  )
}

export function stateOf(page: Page, selector = playerSelector): Promise<string> {
  return page.locator(selector).evaluate((player: IvhPlayerElement) => player.state)
}

export function errorOf(page: Page) {
  return page.locator(playerSelector).evaluate((player: IvhPlayerElement) => {
    const { error } = player
    return error && { code: error.code, reason: error.reason, message: error.message }
  })
}

/** The loudest root mean square of the player's sound during the next second, from 0 to 1. */
export async function loudnessOf(page: Page): Promise<number> {
  const video = await page.evaluateHandle(() => {
    const player = document.querySelector<IvhPlayerElement>('ivh-player')
    if (!player?.nativeEl) throw new Error('the page has no player')
    return player.nativeEl
  })
  return loudnessOfElement(video)
}

export function framesOf(page: Page, selector = playerSelector): Promise<number> {
  return page
    .locator(selector)
    .evaluate((player: IvhPlayerElement) => player.getVideoPlaybackQuality().totalVideoFrames)
}

/** The texts on the player, as the visitor sees them. */
export function messageOf(page: Page, selector = playerSelector) {
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

/** A number computed from the picture. It changes when the picture changes. */
export function pictureOf(page: Page, selector = playerSelector): Promise<number> {
  return page.locator(selector).evaluate((player: IvhPlayerElement) => {
    const context = new OffscreenCanvas(64, 64).getContext('2d')
    if (!context) throw new Error('this browser has no canvas')
    context.drawImage(player.nativeEl, 0, 0, 64, 64)
    const { data } = context.getImageData(0, 0, 64, 64)
    return data.reduce((sum, byte, index) => (sum * 31 + byte * (index + 1)) % 2_147_483_647, 7)
  })
}

/** Saves a screenshot in the folder `IVH_SCREENSHOTS`, if the variable is set. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.IVH_SCREENSHOTS
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
