import { createMediaPlane, type MediaPlane } from './human/media-plane'
import { type CssOriginOptions, createCssOrigin } from './origin/css-origin'

/** A human and the origin where it can be watched, started and ended together. */
export interface LocalMedia extends MediaPlane {
  /** The origin's page: what is live, and a page to watch each stream. */
  readonly url: string
}

/** Options of {@link startMedia}; each is that of {@link createCssOrigin}. */
export type StartMediaOptions = Pick<CssOriginOptions, 'host' | 'port' | 'publicHost' | 'iceHosts'>

/**
 * Starts an origin, on a free port unless told otherwise, open to everybody who reaches it, and humans that
 * publish there. It is what the command `ivh-emulator` starts when it finds this package. Domains with keys
 * of your own, and push addresses that name them, need {@link createCssOrigin} and {@link createMediaPlane}.
 */
export async function startMedia(options: StartMediaOptions = {}): Promise<LocalMedia> {
  const { host, iceHosts, port, publicHost } = options
  const origin = await createCssOrigin({ host, port, publicHost, iceHosts })
  const media = await createMediaPlane({ publishTo: origin, pcmSink: origin })
  return {
    url: origin.url,
    open: (options, signal) => media.open(options, signal),
    async close() {
      await media.close()
      await origin.close()
    },
  }
}
