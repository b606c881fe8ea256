import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../browser/launch-browser'
import { framesOf, loudnessOf, pictureOf } from '../player/player-page'
import { RunningDemo } from './running-demo'

let browser: Browser
let demo: RunningDemo
let page: Page

beforeAll(async () => {
  browser = await launchBrowser({ autoplay: 'allow' })
})
afterAll(async () => {
  await browser.close()
})
beforeEach(async () => {
  demo = await RunningDemo.start()
  page = await browser.newPage()
  await page.goto(demo.url)
})
afterEach(async () => {
  await page.close()
  await demo.end('SIGKILL')
})

const startButton = () => page.getByRole('button', { name: 'Start' })
const stopButton = () => page.getByRole('button', { name: 'Stop' })

async function startSession(): Promise<void> {
  await startButton().click()
  await page.getByText('Live.', { exact: true }).waitFor({ timeout: 15_000 })
}

/** Expects that no session is open 2 s after `since`. */
async function expectClosedWithin2s(since: number): Promise<void> {
  await expect.poll(() => demo.openSessions(), { timeout: 5_000, interval: 50 }).toBe(0)
  expect(Date.now() - since).toBeLessThan(2_000)
}

/** The id of the element that has the focus. */
const focused = () => page.evaluate(() => document.activeElement?.id)

async function readMilliseconds(id: string): Promise<number> {
  const text = (await page.locator(`#${id}`).textContent()) ?? ''
  return Number.parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000)
}

describe('the demo page', () => {
  it('shows a moving picture after Start and closes the session on Stop', async () => {
    await startSession()
    expect(await demo.openSessions()).toBe(1)
    const [session] = await demo.sessions()
    expect(await page.locator('#session-id').textContent()).toBe(session?.sessionId)
    expect(await page.locator('#play-address').textContent()).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/live\/\w+\.flv\?/,
    )
    expect(await page.locator('body').textContent()).not.toMatch(/txSecret=[0-9a-f]{8}/i)
    expect(await readMilliseconds('time-to-first-frame')).toBeLessThan(3_000)

    const framesBefore = await framesOf(page)
    await expect.poll(() => framesOf(page), { timeout: 10_000 }).toBeGreaterThan(framesBefore + 25)
    const first = await pictureOf(page)
    await expect.poll(() => pictureOf(page), { timeout: 10_000 }).not.toBe(first)

    const stopped = Date.now()
    await stopButton().click()
    await expectClosedWithin2s(stopped)
    await page.locator('#state', { hasText: 'closed' }).waitFor()
    expect(await page.locator('#problem').isVisible()).toBe(false)
  })

  it('speaks the typed text aloud', async () => {
    await startSession()
    await page.getByRole('textbox').fill('Good morning, everybody. How are you today?')
    await page.getByRole('button', { name: 'Say' }).click()
    await expect.poll(() => loudnessOf(page), { timeout: 15_000 }).toBeGreaterThan(0.02)
    expect(await page.locator('#problem').isVisible()).toBe(false)
  })

  it('starts again after Stop', async () => {
    await startSession()
    await stopButton().click()
    await startSession()
    expect(await demo.openSessions()).toBe(1)
  })

  it('closes the session when the tab is closed', async () => {
    await startSession()
    const closed = Date.now()
    await page.close()
    await expectClosedWithin2s(closed)
  })

  it('closes the session when the page is reloaded', async () => {
    await startSession()
    const reloaded = Date.now()
    await page.reload()
    await expectClosedWithin2s(reloaded)
    expect(await startButton().isEnabled()).toBe(true)
  })

  it('closes a session in preparation when the tab is closed', async () => {
    await startButton().click()
    await expect.poll(() => demo.openSessions(), { interval: 20 }).toBe(1)
    const closed = Date.now()
    await page.close()
    await expectClosedWithin2s(closed)
  })

  it('works with the keyboard alone', async () => {
    await page.keyboard.press('Tab')
    expect(await startButton().evaluate((button) => button === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('say-text')
    await page.keyboard.press('Enter')
    await page.getByText('Live.', { exact: true }).waitFor({ timeout: 15_000 })
    expect(await focused()).toBe('say-text')
    await page.keyboard.press('Enter')
    await expect.poll(() => loudnessOf(page), { timeout: 15_000 }).toBeGreaterThan(0.02)
    expect(await demo.openSessions()).toBe(1)

    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('stop')
    await page.keyboard.press('Enter')
    await expect.poll(() => demo.openSessions(), { timeout: 5_000 }).toBe(0)
    await expect.poll(focused).toBe('start')
  })

  it('shows that a text was not said, until the next one is', async () => {
    await startSession()
    await demo.planFault({ on: 'speech', speechFails: true, times: 1 })
    await page.getByRole('button', { name: 'Say' }).click()
    const problem = page.getByRole('alert')
    await problem.getByText('The digital human could not say this.').waitFor()
    expect(await problem.textContent()).not.toContain('Press Start')
    await page.getByRole('button', { name: 'Say' }).click()
    await expect.poll(() => problem.isVisible(), { timeout: 10_000 }).toBe(false)
    expect(await demo.openSessions()).toBe(1)
  })

  it('shows a lost network while the session lives, until the network is back', async () => {
    await startSession()
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Say' }).click()
    const problem = page.getByRole('alert')
    await problem.getByText(/cannot be reached/).waitFor()
    expect(await startButton().isDisabled()).toBe(true)
    expect(await problem.textContent()).not.toContain('Press Start')
    await page.context().setOffline(false)
    await expect.poll(() => problem.isVisible()).toBe(false)
  })

  it.each(['light', 'dark'] as const)(
    'has a readable log that the keyboard reaches (%s)',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme })
      await startSession()
      const contrast = await page
        .locator('#log time')
        .first()
        .evaluate((time) => {
          const luminance = (color: string) => {
            const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
              const value = Number(part) / 255
              return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
            })
            return 0.2126 * r + 0.7152 * g + 0.0722 * b
          }
          const style = getComputedStyle(time)
          const card = time.closest('.panel')
          const text = luminance(style.color)
          const ground = luminance(card ? getComputedStyle(card).backgroundColor : '')
          const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)
          return { ratio, opacity: style.opacity }
        })
      expect(contrast.opacity).toBe('1')
      expect(contrast.ratio).toBeGreaterThanOrEqual(4.5)
      await page.locator('#log').focus()
      expect(await focused()).toBe('log')
    },
  )

  it('speaks Chinese when the browser asks for it', async () => {
    await page.close()
    page = await browser.newPage({ locale: 'zh-CN' })
    await page.goto(demo.url)
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.title()).toBe('网页里的数智人')
    await page.getByRole('button', { name: '开始' }).click()
    await page.getByText('直播中。', { exact: true }).waitFor({ timeout: 15_000 })
    const english = await page
      .locator('[data-text], #log li')
      .evaluateAll((elements) =>
        elements
          .map((one) => one.textContent ?? '')
          .filter((text) => !/[\u4e00-\u9fff]/.test(text)),
      )
    expect(english).toEqual([])
    expect(await page.getByRole('textbox').inputValue()).toContain('数智人')
    await demo.end('SIGKILL')
    await page.getByRole('button', { name: '说' }).click()
    await page.getByRole('alert').getByText('无法连接服务器').waitFor()
  })

  it('runs under a strict policy without complaints', async () => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    await page.reload()
    await startSession()
    expect(complaints).toEqual([])
  })

  it('shows a problem when the server is unreachable', async () => {
    await demo.end('SIGKILL')
    await startButton().click()
    const problem = page.getByRole('alert')
    await problem.waitFor()
    expect(await problem.textContent()).toMatch(/server cannot be reached/)
    expect(await startButton().isEnabled()).toBe(true)
  })

  it('informs the page and closes all sessions when the server shuts down', async () => {
    await startSession()
    expect(await demo.end('SIGINT')).toBe(0)
    expect(demo.output).toContain('All sessions closed, all servers stopped.')
    await page
      .getByText(/server is restarting/i)
      .first()
      .waitFor()
  })
})

describe('the demo command', () => {
  it('mentions PORT when the port is in use', async () => {
    const { port } = new URL(demo.url)
    await expect(RunningDemo.start({ PORT: port })).rejects.toThrow(/Port \d+ is in use. Set PORT/)
  })

  it('rejects an invalid PORT', async () => {
    await expect(RunningDemo.start({ PORT: 'abc' })).rejects.toThrow(/PORT must be a whole number/)
  })
})
