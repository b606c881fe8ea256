import { createMediaPlane, type MediaPlane } from './human/media-plane'
import { createCssOrigin } from './origin/css-origin'

/** A human and the origin where it can be watched, started and ended together. */
export interface LocalMedia extends MediaPlane {
  /** The origin's page: what is live, and a page to watch each stream. */
  readonly url: string
}

/** Options of {@link startMedia}. */
export interface StartMediaOptions {
  /** Address on which the origin listens. Default `127.0.0.1`. */
  readonly host?: string | undefined
}

/**
 * Starts an origin on a free port, open to everybody who reaches it, and humans that publish there. It is
 * what the command `ivh-emulator` starts when it finds this package. Domains with keys of your own, and
 * push addresses that name them, need {@link createCssOrigin} and {@link createMediaPlane}.
 */
export async function startMedia({
  host = '127.0.0.1',
}: StartMediaOptions = {}): Promise<LocalMedia> {
  const origin = await createCssOrigin({ host })
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
