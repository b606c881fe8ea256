import { afterEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './launch-browser'
import { npmChromium } from './npm-chromium'

const H264_AAC = 'video/mp4; codecs="avc1.42E01E,mp4a.40.2"'

describe('launchBrowser', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('starts a browser that decodes H.264 and AAC', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      expect(await page.evaluate((type) => MediaSource.isTypeSupported(type), H264_AAC)).toBe(true)
    } finally {
      await browser.close()
    }
  })

  it('says so when CHROMIUM_PATH leads nowhere, instead of taking another browser', async () => {
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
    await expect(launchBrowser()).rejects.toThrow('CHROMIUM_PATH is /nowhere/chromium')
  })
})

// The browser from npm exists for this platform only; elsewhere an installed one is used.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('npmChromium', () => {
  it('is unpacked once, also when two ask at the same time', async () => {
    const [one, other] = await Promise.all([npmChromium(), npmChromium()])
    expect(one).toEqual(other)
  })
})
