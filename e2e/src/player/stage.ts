import { type CssOrigin, createCssOrigin } from '@ivh-kit/css-origin'
import { createMediaPlane } from '@ivh-kit/emulator-media'
import type { Browser } from 'playwright-core'
import { type LaunchOptions, launchBrowser } from '../browser/launch-browser'
import { type PlayerSite, servePlayerSite } from './player-site'

/** A human on the air. */
export interface Publisher {
  stop(): Promise<void>
}

/** A browser, a site with the player on it, and real humans to look at. */
export interface Stage {
  readonly browser: Browser
  readonly site: PlayerSite
  readonly origin: CssOrigin
  /** Puts a human on the air, talking. */
  publish(streamName: string): Promise<Publisher>
  /** How many connections the origin counts on a stream. */
  viewers(streamName: string): number
  close(): Promise<void>
}

/** All humans have one face: a face is drawn once, and drawing takes seconds. */
const AVATAR = 'e2e-avatar'
const LONG_TALK = 'This is a human who talks for as long as the test lasts. '.repeat(300)

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
      const human = await media.open({ sessionId: streamName, avatar: AVATAR })
      human.say(LONG_TALK)
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
