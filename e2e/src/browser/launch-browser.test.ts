import { afterEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './launch-browser'
import { npmChromium } from './npm-chromium'

const h264WithAac = 'video/mp4; codecs="avc1.42E01E,mp4a.40.2"'

describe('launchBrowser', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('starts a browser that decodes H.264 and AAC', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      expect(await page.evaluate((type) => MediaSource.isTypeSupported(type), h264WithAac)).toBe(
        true,
      )
    } finally {
      await browser.close()
    }
  })

  it('rejects a CHROMIUM_PATH that does not exist', async () => {
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
    await expect(launchBrowser()).rejects.toThrow('CHROMIUM_PATH is /nowhere/chromium')
  })
})

// The Chromium from npm exists only for this platform.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('npmChromium', () => {
  it('unpacks once for two calls at the same time', async () => {
    const [one, other] = await Promise.all([npmChromium(), npmChromium()])
    expect(one).toEqual(other)
  })
})
