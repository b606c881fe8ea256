import { isIPv6 } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type CssSigner, createCssSigner, type PlayUrls } from '@ivh-kit/css-signer'
import { type MediaClock, systemClock } from '../clock'
import { HlsPackager } from '../hls/hls-packager'
import { hlsRoute } from '../hls/hls-route'
import { type MediaLogger, silentLogger } from '../logger'
import type { RtmpService } from '../rtmp/server-session'
import { DEFAULT_LEB_ERROR_CODES, type LebErrorCodes, lebRoute } from '../webrtc/leb-route'
import type { PcmBlock } from '../webrtc/soundtrack'
import { warmUpWebRtc } from '../webrtc/warm-up'
import { WebRtcSessions } from '../webrtc/webrtc-sessions'
import { whepRoute } from '../webrtc/whep-route'
import { flvRoute } from './flv-route'
import { FrontDoor } from './front-door'
import { createHttpApp } from './http-app'
import { DEFAULT_ORIGIN_LIMITS, type OriginLimits } from './limits'
import type { StreamInfo } from './live-stream'
import { PlayGate } from './play-gate'
import { reachableHosts } from './reachable-hosts'
import { SignatureCheck } from './signature-check'
import { type SecondPublisher, StreamRegistry } from './stream-registry'

/** Options of {@link createCssOrigin}. */
export interface CssOriginOptions {
  /** Address to listen on; `0.0.0.0` is every one of this machine. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** TCP port for RTMP and HTTP together. Default 0: any free one. */
  readonly port?: number | undefined
  /**
   * Host in the addresses that the origin hands out, a name or an IP address. Default: `host`, and where
   * that is every address, the first IPv4 address of this machine that others reach. Humans of
   * `createMediaPlane` push there, too.
   */
  readonly publicHost?: string | undefined
  /** The only application name that is accepted. Default `live`. */
  readonly appName?: string
  /** Main and backup key of the push domain. Default none: every push is accepted. */
  readonly pushKeys?: readonly string[]
  /** Main and backup key of the play domain. Default none: everybody may watch. */
  readonly playKeys?: readonly string[]
  /**
   * Seconds for which a play address lives on after its `txTime`, the validity period of the play
   * domain (INTL 267/31058). A push address ends with its `txTime`. Default 0.
   */
  readonly playAuthDelta?: number
  /**
   * What happens to a push whose stream name is live already. The documents contradict each other:
   * refused (CN 1071/39360), or kept as a hot backup (INTL 267/35598). `'refuse'`, the default,
   * answers `NetStream.Publish.BadName`; with `'replace'` the newer push takes the name, and the
   * older one and its viewers are ended.
   */
  readonly secondPublisher?: SecondPublisher
  /**
   * IPv4 addresses of this machine under which WebRTC viewers reach it. Default: `host`, and where that
   * is every address, all of this machine. With `127.0.0.1` alone the sockets are bound there; with others
   * they are bound to every interface.
   */
  readonly iceHosts?: readonly string[] | undefined
  /** Other `errcode`s for what LEB's documents leave open. */
  readonly lebErrorCodes?: Partial<LebErrorCodes>
  /** Length of HLS segments in milliseconds; key frames decide in the end. Default 1000. */
  readonly hlsSegmentMs?: number
  /** Wall clock in epoch milliseconds, against which `txTime` is held. Default `Date.now`. */
  readonly now?: () => number
  /** Timers and monotonic time, for timeouts. Default: the system's. */
  readonly clock?: MediaClock
  /** Default: silent. Neither keys nor signatures are ever logged. */
  readonly logger?: MediaLogger
  /** Changes to the default limits. */
  readonly limits?: Partial<OriginLimits>
}

/** The keys of both domains, as {@link CssOrigin.replaceKeys} takes them. */
export interface ReplacedKeys {
  readonly pushKeys?: readonly string[]
  readonly playKeys?: readonly string[]
}

/** All ways to play a stream. */
export interface OriginPlayUrls extends PlayUrls {
  /** For `POST` of a WHEP offer. */
  readonly whep: string
}

/** A running origin: RTMP in and every way to play out, on one TCP port. */
export interface CssOrigin {
  /** `publicHost:port`; stands for both the push and the play domain. */
  readonly domain: string
  /** `http://publicHost:port`. */
  readonly url: string
  /** The streams that are live now. */
  streams(): StreamInfo[]
  /** RTMP push address of a stream, signed for a day when there are push keys. */
  push(streamName: string): string
  /** HTTP-FLV play address of a stream, signed for two hours when there are play keys. */
  play(streamName: string): string
  /**
   * Every play address of a stream, signed alike. The signalling host of `webrtc`, to which players
   * post `/webrtc/v1/pullstream`, is this origin's `url`.
   */
  playUrls(streamName: string): OriginPlayUrls
  /**
   * Speech for WebRTC viewers, who cannot get the AAC of the push: blocks of 20 ms on the time line
   * of the RTMP stream, at or before the media of that time. Silence may be left out. Ignored when
   * the stream is not live.
   *
   * @throws RangeError for a block that does not hold 320 samples.
   */
  offerPcm(streamName: string, block: PcmBlock): void
  /**
   * Replaces keys while the origin runs, as a rotation does. Addresses signed with a key that is
   * gone are refused from here on; whoever publishes or watches already goes on, except over HLS,
   * where every request is checked (INTL 267/35598).
   *
   * @throws RangeError for more than two keys of a domain. @throws CssSignerError for a bad key. All the
   * old keys stay then.
   */
  replaceKeys(keys: ReplacedKeys): void
  /** Ends publishers, viewers and servers. May be called more than once. */
  close(): Promise<void>
}

/** A stream that nobody has asked for over HLS for so long is packaged no more. */
const HLS_IDLE_MS = 60_000

/**
 * Starts a stand-in for a Tencent CSS push and play domain on localhost: accepts RTMP pushes,
 * checks their `txSecret` (CN 267/32720) and serves them over RTMP, HTTP-FLV, HLS, LEB and
 * WHEP.
 *
 * @throws RangeError when more than a main and a backup key are given for a domain.
 * @throws CssSignerError when the application name, `publicHost`, a key or `playAuthDelta` cannot be one of CSS.
 * @throws Error of Node when the port cannot be listened on, such as `EADDRINUSE`.
 */
export async function createCssOrigin(options: CssOriginOptions = {}): Promise<CssOrigin> {
  const { appName = 'live', host = '127.0.0.1', now = Date.now, port = 0 } = options
  const { clock = systemClock, logger = silentLogger } = options
  const limits: OriginLimits = { ...DEFAULT_ORIGIN_LIMITS, ...options.limits }
  const { playAuthDelta: authDelta = 0, playKeys = [], pushKeys = [] } = options
  const signing = { appName, authDelta, now }
  const reachable = reachableHosts(host)
  const { iceHosts = reachable.iceHosts, publicHost = reachable.publicHost } = options
  const urlHost = isIPv6(publicHost) ? `[${publicHost}]` : publicHost
  // Throws here for options that cannot work, while nothing listens yet.
  signerFor(`${urlHost}:${port}`, { pushKeys, playKeys }, signing)
  const push = new SignatureCheck({ keys: pushKeys, now })
  const play = new SignatureCheck({ keys: playKeys, now, authDelta })

  const registry = new StreamRegistry({
    now,
    maxCachedBytes: Math.min(limits.maxCachedBytes, limits.maxViewerQueueBytes / 2),
    maxStreams: limits.maxStreams,
    secondPublisher: options.secondPublisher ?? 'refuse',
    onPublished: ({ app, name }) => logger.info('stream published', { app, name }),
    onEnded: ({ app, name }, reason) => logger.info('stream ended', { app, name, reason }),
  })
  const gate = new PlayGate(play, registry)
  const rtmp: RtmpService = {
    refuseApp: (app) =>
      app === appName ? undefined : `application ${app} is unknown here: use ${appName}`,
    publish: (request) => {
      const refusal = request.streamName
        ? push.refuse(request.streamName, request.query)
        : 'the stream name is empty: push to rtmp://<domain>/<app>/<stream>'
      return refusal ? { ok: false, description: refusal } : registry.publish(request)
    },
    play: ({ app, query, streamName }) => {
      const admission = gate.admit(app, streamName, query)
      if (admission.ok) return { ok: true, watch: (viewer) => admission.stream.subscribe(viewer) }
      const code = admission.status === 404 ? 'StreamNotFound' : 'Failed'
      const description = admission.body.reason
      return { ok: false, code: `NetStream.Play.${code}`, description }
    },
  }
  const { maxViewerQueueBytes } = limits
  const packager = new HlsPackager({
    clock,
    segmentMs: options.hlsSegmentMs ?? 1000,
    maxBytes: limits.maxHlsBytes,
    idleMs: HLS_IDLE_MS,
    patienceMs: limits.handshakeTimeoutMs,
  })
  const sessions = new WebRtcSessions({
    hosts: iceHosts,
    maxSessions: limits.maxWebRtcViewers,
    connectTimeoutMs: limits.handshakeTimeoutMs,
    silenceTimeoutMs: limits.webRtcSilenceMs,
    clock,
    logger,
  })
  const app = createHttpApp({
    registry,
    now,
    routes: [
      flvRoute({ gate, logger, maxViewerQueueBytes }),
      hlsRoute({ gate, packager, clock, stallMs: limits.idleTimeoutMs }),
      lebRoute({
        gate,
        sessions,
        errorCodes: { ...DEFAULT_LEB_ERROR_CODES, ...options.lebErrorCodes },
      }),
      whepRoute({ gate, sessions }),
    ],
  })
  const http = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const door = new FrontDoor({ rtmp, http, clock, logger, limits })
  const domain = `${urlHost}:${await door.listen(host, port)}`
  let signer = signerFor(domain, { pushKeys, playKeys }, signing)
  const callOffWarmUp =
    limits.maxWebRtcViewers > 0
      ? warmUpWebRtc(() => registry.list().length === 0)
      : (): void => undefined

  let closed: Promise<void> | undefined
  return {
    domain,
    url: `http://${domain}`,
    streams: () => registry.list(),
    push: (streamName) => signer.push(streamName).url,
    play: (streamName) => signer.play(streamName).flv,
    playUrls: (streamName) => {
      const urls = signer.play(streamName)
      const { search } = new URL(urls.flv)
      return { ...urls, whep: `http://${domain}/whep/${appName}/${streamName}${search}` }
    },
    offerPcm: (streamName, block) => registry.find(appName, streamName)?.soundtrack.offer(block),
    replaceKeys: ({ pushKeys = push.keys, playKeys = play.keys }) => {
      // Throws for keys that cannot be, while the old ones are all in use.
      signer = signerFor(domain, { pushKeys, playKeys }, signing)
      push.replaceKeys(pushKeys)
      play.replaceKeys(playKeys)
    },
    close: () => {
      callOffWarmUp()
      packager.close()
      closed ??= Promise.all([sessions.close(), door.close('the origin is closing')]).then(
        () => undefined,
      )
      return closed
    },
  }
}

interface Signing {
  readonly appName: string
  readonly authDelta: number
  readonly now: () => number
}

/** Signs for both domains; throws for any key, main or backup, that could not be checked later. */
function signerFor(
  domain: string,
  { playKeys, pushKeys }: Required<ReplacedKeys>,
  signing: Signing,
): CssSigner {
  const [pushKey, pushBackupKey] = mainAndBackup('pushKeys', pushKeys)
  const [playKey, playBackupKey] = mainAndBackup('playKeys', playKeys)
  return createCssSigner({
    ...signing,
    pushDomain: domain,
    playDomain: domain,
    secure: false,
    // A push address always carries a signature; without keys nobody looks at it.
    pushKey: pushKey ?? 'unchecked',
    pushBackupKey,
    ...(playKey === undefined ? {} : { playKey, playBackupKey }),
  })
}

function mainAndBackup(option: string, keys: readonly string[]): readonly string[] {
  if (keys.length <= 2) return keys
  throw new RangeError(
    `${option} holds ${keys.length} keys; a domain has a main key and a backup key at most.`,
  )
}
