import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createIvhClient } from '@ivh-kit/core'
import { defaultCredentials } from '@ivh-kit/emulator'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { launchBrowser } from '../browser/launch-browser'
import { loudnessOfElement } from '../browser/loudness'

const here = fileURLToPath(new URL('.', import.meta.url))
const command = new URL('../../../packages/emulator/bin/ivh-emulator.mjs', import.meta.url)
let browser: Browser
let emulator: ChildProcess
let gateway = ''
let humans = ''

/** Runs the command in a folder where the media package is installed. */
beforeAll(async () => {
  browser = await launchBrowser()
  emulator = spawn(process.execPath, [fileURLToPath(command), '--prepare-ms', '0'], {
    cwd: here,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(emulator.stdout ?? expect.fail('no output'))) {
    gateway ||= /ready: (\S+)/.exec(line)?.[1] ?? ''
    humans = /humans\s+(http\S+)/.exec(line)?.[1] ?? ''
    if (humans) break
  }
})
afterAll(async () => {
  await browser?.close()
  emulator?.kill('SIGKILL')
})

it('plays a digital human with picture and sound until the session is closed', async () => {
  await using ivh = createIvhClient({ ...defaultCredentials, baseUrl: gateway })
  const session = await ivh.sessions.open({
    assetVirtualmanKey: 'presenter',
    userId: 'visitor',
    protocol: 'rtmp',
    driverType: 1,
  })
  const page = await browser.newPage()
  await page.goto(humans)
  await page.getByRole('link', { name: `live/${session.id}` }).click()
  await eventually(() => page.getByRole('status').textContent()).toBe('Live')
  await page.getByRole('button', { name: 'Sound on' }).click()
  await session.say('Good morning, and welcome to all of you who are watching.').started
  const video = await page.evaluateHandle(
    () => document.querySelector('video') ?? document.createElement('video'),
  )
  const loudness = () => loudnessOfElement(video)
  await eventually(loudness).toBeGreaterThan(0.01)
  const width = () => page.evaluate(() => document.querySelector('video')?.videoWidth ?? 0)
  expect(await width()).toBeGreaterThan(300)

  await session.close()
  await eventually(() => page.getByRole('status').textContent()).toContain('has ended')
  await page.getByRole('button', { name: 'Try again' }).click()
  await eventually(() => page.getByRole('status').textContent()).toContain('is not live')
}, 60_000)

it('ends with the emulator', async () => {
  const ended = new Promise((resolve) => emulator.once('exit', resolve))
  emulator.kill('SIGINT')
  expect(await ended).toBe(0)
  await expect(fetch(humans)).rejects.toThrow()
})
