import { type CssOrigin, createCssOrigin } from '@ivh-kit/css-origin'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../browser/launch-browser'
import type { Address, Way } from './viewing-page'
import { serveViewingSite, type ViewingSite } from './viewing-site'

/** A browser, a site with players, and an origin with keys. */
export interface OriginStage {
  readonly browser: Browser
  readonly site: ViewingSite
  readonly origin: CssOrigin
  address(way: Way, streamName: string): Address
  viewers(streamName: string): number
  close(): Promise<void>
}

export async function openOriginStage(): Promise<OriginStage> {
  const [browser, site, origin] = await Promise.all([
    launchBrowser({ autoplay: 'allow' }),
    serveViewingSite(),
    createCssOrigin({ pushKeys: ['pushkey'], playKeys: ['playkey'] }),
  ])
  return {
    browser,
    site,
    origin,
    address: (way, streamName) => {
      const { flv, hls, webrtc, whep } = origin.playUrls(streamName)
      return { url: { flv, hls, leb: webrtc, whep }[way], signalling: origin.url }
    },
    viewers: (streamName) => origin.streams().find(({ name }) => name === streamName)?.viewers ?? 0,
    close: async () => {
      await browser.close()
      await origin.close()
      await site.close()
    },
  }
}
