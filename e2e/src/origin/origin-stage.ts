import { type CssOrigin, createCssOrigin } from '@ivh-kit/emulator-media'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../browser/launch-browser'
import type { Address, Way } from './viewing-page'
import { serveViewingSite, type ViewingSite } from './viewing-site'

/** A browser, a site to view streams on, and an origin with keys. */
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

/** Twenty-five seconds of a tone as the speech of a stream, from its beginning on. */
export function offerTone(origin: CssOrigin, streamName: string): void {
  for (let timestampMs = 0; timestampMs < 25_000; timestampMs += 20) {
    const samples = Int16Array.from({ length: 320 }, (_, index) =>
      Math.round(8000 * Math.sin(((timestampMs * 16 + index) * 2 * Math.PI * 440) / 16_000)),
    )
    origin.offerPcm(streamName, { timestampMs, samples })
  }
}
