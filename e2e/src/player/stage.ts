import { type CssOrigin, createCssOrigin } from '@ivh-kit/css-origin'
import { createMediaPlane } from '@ivh-kit/emulator-media'
import type { Browser } from 'playwright-core'
import { type LaunchOptions, launchBrowser } from '../browser/launch-browser'
import { type PlayerSite, servePlayerSite } from './player-site'

/** A digital human that publishes a stream. */
export interface Publisher {
  stop(): Promise<void>
}

/** A browser, a site with the player, and an origin with live streams. */
export interface Stage {
  readonly browser: Browser
  readonly site: PlayerSite
  readonly origin: CssOrigin
  /** Starts a stream of a talking digital human. */
  publish(streamName: string): Promise<Publisher>
  /** Number of connections that play a stream. */
  viewers(streamName: string): number
  close(): Promise<void>
}

/** All streams share one face, because drawing a face takes seconds. */
const avatar = 'e2e-avatar'
const longTalk = 'This digital human talks until the test ends. '.repeat(300)

export async function openStage(options: LaunchOptions): Promise<Stage> {
  const [browser, site, origin] = await Promise.all([
    launchBrowser(options),
    servePlayerSite(),
    createCssOrigin({ pushKeys: ['pushkey'], playKeys: ['playkey'] }),
  ])
  const media = await createMediaPlane({ publishTo: origin })

  return {
    browser,
    site,
    origin,
    publish: async (streamName) => {
      const human = await media.open({ sessionId: streamName, avatar })
      human.say(longTalk)
      return { stop: () => human.close() }
    },
    viewers: (streamName) => origin.streams().find(({ name }) => name === streamName)?.viewers ?? 0,
    close: async () => {
      await browser.close()
      await media.close()
      await origin.close()
      await site.close()
    },
  }
}
