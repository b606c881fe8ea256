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
    await page.getByText('Live.', { exact: true }).waitFor({ timeout: 15_000 })
    await page.keyboard.press('Enter')
    await expect.poll(() => demo.openSessions(), { timeout: 5_000 }).toBe(0)
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
