import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { launchBrowser } from '../browser/launch-browser'

let browser: Browser
let emulator: ChildProcess
let url: string
let page: Page

async function start(port = '0', media = 'none'): Promise<{ process: ChildProcess; url: string }> {
  const command = new URL('../../../packages/emulator/bin/ivh-emulator.mjs', import.meta.url)
  const args = [
    fileURLToPath(command),
    '--prepare-ms',
    '0',
    '--quiet',
    '--media',
    media,
    '--port',
    port,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { process: child, url: /http:\S+/.exec(String(line))?.[0] ?? '' }
}

beforeAll(async () => {
  browser = await launchBrowser()
  ;({ process: emulator, url } = await start())
})
afterAll(async () => {
  await browser?.close()
  emulator?.kill()
})
beforeEach(async () => {
  await fetch(`${url}/__emulator/reset`, { method: 'POST' })
  page = await browser.newPage()
  await page.goto(url)
  await eventually(() => page.locator('#summary').textContent()).not.toContain('connecting')
  return () => page.close()
})

/** Sends one signed call to the emulator. */
async function call(
  service: string,
  payload: object,
  base = url,
): Promise<Record<string, unknown>> {
  const query = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
  const digest = createHmac('sha256', 'emulator-accesstoken').update(query).digest('base64')
  const address = `${base}/v2/ivh/${service}?${query}&signature=${encodeURIComponent(digest)}`
  const body = JSON.stringify({ Header: {}, Payload: { ReqId: '1'.repeat(32), ...payload } })
  const answer = await (await fetch(address, { method: 'POST', body })).json()
  expect(answer.Header).toMatchObject({ Code: 0 })
  return answer.Payload
}

async function create(UserId: string, base = url): Promise<string> {
  const request = { AssetVirtualmanKey: 'presenter', UserId, Protocol: 'rtmp', DriverType: 1 }
  const service = 'sessionmanager/sessionmanagerservice/createsessionbyasset'
  return String((await call(service, request, base)).SessionId)
}

type Box = { x: number; y: number; width: number; height: number } | null

function overlap(a: Box, b: Box): boolean {
  if (!a || !b) return false
  const across = a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
  return across && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1
}

it('shows how a session is created, started, speaks and is closed by the button', async () => {
  const SessionId = await create('kiosk-1')
  const row = page.locator('#sessions tr', { hasText: SessionId })
  await eventually(() => row.textContent()).toContain('kiosk-1')
  await eventually(() => page.locator('#no-sessions').isVisible()).toBe(false)

  await call('sessionmanager/sessionmanagerservice/startsession', { SessionId })
  const Data = { Text: 'A sentence that takes a while to be spoken, long enough to be seen.' }
  const text = { SessionId, Command: 'SEND_TEXT', Data }
  await call('interactdriver/interactdriverservice/command', text)
  await eventually(() => row.textContent()).toContain('TextStart')

  await row.getByRole('button', { name: /close/i }).click()
  const sessions = async () => (await fetch(`${url}/__emulator/sessions`)).json()
  await eventually(sessions).toMatchObject({ sessions: [{ status: 2, closeType: 1 }] })
  await eventually(() => row.textContent()).toMatch(/closed/i)
  await eventually(() => row.getByRole('button').count()).toBe(0)
  const log = page.locator('#log')
  for (const said of ['startSession', 'command', 'closed by closesession']) {
    await eventually(() => log.textContent()).toContain(said)
  }
})

it.each([
  ['light', 1_200],
  ['dark', 1_200],
  ['light', 768],
  ['light', 380],
] as const)('fits a %s window of %i pixels', async (colorScheme, width) => {
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize({ width, height: 900 })
  const SessionId = await create('a visitor with a rather long name of their own')
  await eventually(() => page.locator('#sessions').textContent()).toContain(SessionId)
  const button = page.locator('#sessions button')
  const box = await button.boundingBox()
  expect((box?.x ?? width) + (box?.width ?? width)).toBeLessThan(width)
  for (const cell of await page.locator('#sessions td:not(.action)').all()) {
    expect(overlap(await cell.boundingBox(), box)).toBe(false)
  }
  // Only the tables scroll sideways, never the page.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  const lightness = await page.evaluate(() => {
    const [r = 255, g = 255, b = 255] = (
      getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
    ).map(Number)
    return (r + g + b) / 3
  })
  if (colorScheme === 'dark') expect(lightness).toBeLessThan(100)
  else expect(lightness).toBeGreaterThan(200)
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/status-${colorScheme}-${width}.png` })
})

it('shows a hint without sessions and when all sessions have ended', async () => {
  expect(await page.locator('#no-sessions').textContent()).toContain(`baseUrl: '${url}'`)
  expect(await page.locator('#no-log').isVisible()).toBe(false)
  const SessionId = await create('kiosk-1')
  await call('sessionmanager/sessionmanagerservice/closesession', { SessionId })
  await eventually(() => page.locator('#sessions').textContent()).toContain('by its owner')
  await page.getByLabel('show ended sessions').uncheck()
  await eventually(() => page.locator('#only-ended').textContent()).toContain(
    '1 ended session is hidden',
  )
  expect(await page.locator('#no-sessions').isVisible()).toBe(false)
})

it('shows why a session failed', async () => {
  const fault = [{ on: 'createSessionByAsset', creationFailed: true }]
  await fetch(`${url}/__emulator/faults`, { method: 'POST', body: JSON.stringify(fault) })
  await eventually(() => page.locator('#pending').textContent()).toContain('creationFailed')
  await create('kiosk-1')
  const row = page.locator('#sessions tr')
  await eventually(() => row.textContent()).toContain('-111003 the avatar model failed to load')
})

it('keeps the focus on a button while its row changes', async () => {
  const SessionId = await create('kiosk-1')
  await create('kiosk-2')
  const name = `Close ${SessionId}`
  await eventually(() => page.getByRole('button', { name }).count()).toBe(1)
  await page.getByRole('button', { name }).focus()
  await call('sessionmanager/sessionmanagerservice/startsession', { SessionId })
  const row = page.locator('#sessions tr', { hasText: SessionId })
  await eventually(() => row.textContent()).toContain('started')
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  expect(await focused()).toBe(name)
  await page.keyboard.press('Enter')
  await eventually(() => row.textContent()).toContain('closed')
  expect(await page.getByRole('table').getByRole('columnheader').count()).toBe(8)
  // Every control has an accessible name.
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, a')]
      .filter((node) => {
        const labels = 'labels' in node && node.labels instanceof NodeList ? [...node.labels] : []
        const texts = [node, ...labels].map((one) => one.textContent?.trim())
        return !node.getAttribute('aria-label') && !texts.some(Boolean)
      })
      .map((node) => node.outerHTML),
  )
  expect(nameless).toEqual([])
})

/** A media module whose play addresses a browser can open. */
const mediaModule = `
const human = { ended: new Promise(() => {}), say() {}, play() {}, hush() {}, async close() {} }
export const startMedia = async () => ({
  url: 'http://media.test',
  open: async ({ sessionId }) => ({ ...human, playUrl: 'http://media.test/' + sessionId }),
  close: async () => {},
})`

it('keeps the focus and the selected text while other rows change', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ivh-media-'))
  const path = join(folder, 'media.mjs')
  writeFileSync(path, mediaModule)
  const other = await start('0', path)
  try {
    await page.goto(other.url)
    const SessionId = await create('kiosk-1', other.url)
    const row = page.locator('#sessions tr', { hasText: SessionId })
    await eventually(() => row.getByRole('link').count()).toBe(1)
    await row.getByRole('link').focus()
    await row.locator('code').first().selectText()
    const kept = () =>
      page.evaluate(() => [document.activeElement?.textContent, String(getSelection())])
    const before = [`http://media.test/${SessionId}`, SessionId]
    expect(await kept()).toEqual(before)
    await call('sessionmanager/sessionmanagerservice/startsession', { SessionId }, other.url)
    await create('kiosk-2', other.url)
    await eventually(() => row.textContent()).toContain('started')
    await eventually(() => page.locator('#sessions tr').count()).toBe(2)
    expect(await kept()).toEqual(before)
    await call('sessionmanager/sessionmanagerservice/closesession', { SessionId }, other.url)
    await eventually(() => row.textContent()).toContain('closed')
    expect(await kept()).toEqual(before)
  } finally {
    other.process.kill()
    rmSync(folder, { recursive: true })
  }
})

it('clears its log when the emulator is reset', async () => {
  await create('kiosk-1')
  const log = page.locator('#log')
  await eventually(() => log.textContent()).toContain('created for UserId kiosk-1')
  await page.getByRole('button', { name: 'Reset' }).click()
  await eventually(() => log.textContent()).not.toContain('kiosk-1')
  expect(await log.textContent()).toContain('reset')
})

it('shows an alert while the emulator is unreachable', async () => {
  const first = await start()
  await page.goto(first.url)
  await eventually(() => page.locator('#summary').textContent()).toContain('0 live')
  const alert = page.getByRole('alert')
  expect(await alert.isVisible()).toBe(false)
  const ended = once(first.process, 'exit')
  first.process.kill()
  await ended
  await eventually(() => alert.isVisible()).toBe(true)
  expect(await alert.textContent()).toContain('npx ivh-emulator')
  await page.getByRole('button', { name: '+10 s' }).click()
  await eventually(() => page.getByRole('status').textContent()).toContain('does not answer')
  const second = await start(new URL(first.url).port)
  try {
    await eventually(() => alert.isVisible()).toBe(false)
    await eventually(() => page.locator('#summary').textContent()).toContain('0 live')
  } finally {
    second.process.kill()
  }
})
