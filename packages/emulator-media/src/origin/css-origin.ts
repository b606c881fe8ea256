import { getRequestListener } from '@hono/node-server'
import { createCssSigner } from '@ivh-kit/css-signer'
import { type MediaClock, systemClock } from '../clock'
import { type MediaLogger, silentLogger } from '../logger'
import type { RtmpService } from '../rtmp/server-session'
import { FrontDoor } from './front-door'
import { createHttpApp } from './http-app'
import { DEFAULT_ORIGIN_LIMITS, type OriginLimits } from './limits'
import type { StreamInfo } from './live-stream'
import { checkKeys, type DomainKeys, refuseSignature } from './signature-check'
import { StreamRegistry } from './stream-registry'

/** Options of {@link createCssOrigin}. */
export interface CssOriginOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** TCP port for RTMP and HTTP together. Default 0: any free one. */
  readonly port?: number
  /** The only application name that is accepted. Default `live`. */
  readonly appName?: string
  /** Main and backup key of the push domain. Default none: every push is accepted. */
  readonly pushKeys?: readonly string[]
  /** Main and backup key of the play domain. Default none: everybody may watch. */
  readonly playKeys?: readonly string[]
  /** Wall clock in epoch milliseconds, against which `txTime` is held. Default `Date.now`. */
  readonly now?: () => number
  /** Timers and monotonic time, for timeouts. Default: the system's. */
  readonly clock?: MediaClock
  /** Default: silent. Neither keys nor signatures are ever logged. */
  readonly logger?: MediaLogger
  /** Changes to the default limits. */
  readonly limits?: Partial<OriginLimits>
}

/** A running origin: RTMP in and HTTP-FLV out on one TCP port. */
export interface CssOrigin {
  /** `host:port`; stands for both the push and the play domain. */
  readonly domain: string
  /** `http://host:port`. */
  readonly url: string
  /** The streams that are live now. */
  streams(): StreamInfo[]
  /** RTMP push address of a stream, signed for a day when there are push keys. */
  push(streamName: string): string
  /** HTTP-FLV play address of a stream, signed for two hours when there are play keys. */
  play(streamName: string): string
  /** Ends publishers, viewers and servers. May be called more than once. */
  close(): Promise<void>
}

/**
 * Starts a stand-in for a Tencent CSS push and play domain on localhost: accepts RTMP pushes,
 * checks their `txSecret` (CN 267/32720) and serves them as HTTP-FLV.
 *
 * @throws RangeError when more than a main and a backup key are given for a domain.
 * @throws CssSignerError when the application name or a key cannot be one of CSS.
 * @throws Error of Node when the port cannot be listened on, such as `EADDRINUSE`.
 */
export async function createCssOrigin(options: CssOriginOptions = {}): Promise<CssOrigin> {
  const { appName = 'live', host = '127.0.0.1', now = Date.now, port = 0 } = options
  const { clock = systemClock, logger = silentLogger } = options
  const limits: OriginLimits = { ...DEFAULT_ORIGIN_LIMITS, ...options.limits }
  const pushKeys = checkKeys('pushKeys', options.pushKeys)
  const playKeys = checkKeys('playKeys', options.playKeys)
  const sign = (domain: string) => signerFor(domain, appName, pushKeys, playKeys, now)
  // Throws here for options that cannot work, while nothing listens yet.
  sign('localhost')

  const registry = new StreamRegistry({
    now,
    maxCachedBytes: Math.min(limits.maxCachedBytes, limits.maxViewerQueueBytes / 2),
    maxStreams: limits.maxStreams,
    onPublished: (app, name) => logger.info('stream published', { app, name }),
    onEnded: (app, name, reason) => logger.info('stream ended', { app, name, reason }),
  })
  const rtmp: RtmpService = {
    refuseApp: (app) =>
      app === appName ? undefined : `application ${app} is unknown here: use ${appName}`,
    publish: ({ app, query, streamName }) => {
      const refusal = streamName
        ? refuseSignature(pushKeys, streamName, query, now())
        : 'the stream name is empty: push to rtmp://<domain>/<app>/<stream>'
      return refusal ? { ok: false, description: refusal } : registry.publish(app, streamName)
    },
  }
  const { maxViewerQueueBytes } = limits
  const app = createHttpApp({ registry, playKeys, now, logger, maxViewerQueueBytes })
  const http = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const door = new FrontDoor({ rtmp, http, clock, logger, limits })
  const domain = await door.listen(host, port)
  const signer = sign(domain)

  let closed: Promise<void> | undefined
  return {
    domain,
    url: `http://${domain}`,
    streams: () => registry.list(),
    push: (streamName) => signer.push(streamName).url,
    play: (streamName) => signer.play(streamName).flv,
    close: () => {
      closed ??= door.close('the origin is closing')
      return closed
    },
  }
}

function signerFor(
  domain: string,
  appName: string,
  [pushKey]: DomainKeys,
  [playKey]: DomainKeys,
  now: () => number,
) {
  return createCssSigner({
    pushDomain: domain,
    playDomain: domain,
    appName,
    secure: false,
    now,
    // A push address always carries a signature; without keys nobody looks at it.
    pushKey: pushKey ?? 'unchecked',
    ...(playKey === undefined ? {} : { playKey }),
  })
}
