import { type CssOriginOptions, createCssOrigin } from '@ivh-kit/css-origin'
import { checkKnownOptions } from '@ivh-kit/kernel'
import { createMediaPlane, type MediaPlane } from './media-plane'

/** Digital humans and the origin where they can be watched, started and closed together. */
export interface LocalMedia extends MediaPlane {
  /** Address of the origin's page: a list of the live streams, with a page to watch each of them. */
  readonly url: string
}

/** Options of {@link startMedia}, with the meaning they have in `createCssOrigin`. */
export type StartMediaOptions = Pick<CssOriginOptions, 'host' | 'port' | 'publicHost' | 'iceHosts'>

/**
 * Starts an origin without keys, on a free port by default, and humans that publish there. The command
 * `ivh-emulator` calls this function when the package is installed. For signed addresses use
 * `createCssOrigin` and {@link createMediaPlane}.
 *
 * @throws IvhConfigError for an unknown or invalid option.
 */
export async function startMedia(options: StartMediaOptions = {}): Promise<LocalMedia> {
  checkKnownOptions('startMedia', options, ['host', 'port', 'publicHost', 'iceHosts'])
  const { host, iceHosts, port, publicHost } = options
  const origin = await createCssOrigin({ host, port, publicHost, iceHosts })
  const media = await createMediaPlane({ publishTo: origin, pcmSink: origin })
  return {
    url: origin.url,
    open: (options, signal) => media.open(options, signal),
    playUrl: (sessionId) => media.playUrl(sessionId),
    async close() {
      await media.close()
      await origin.close()
    },
  }
}
