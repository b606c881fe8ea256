import { isIPv6 } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { PlayUrls } from '@ivh-kit/css-signer'
import { monotonicClock, systemClock } from '@ivh-kit/kernel'
import { HlsPackager } from '../hls/hls-packager'
import { hlsRoute } from '../hls/hls-route'
import { flvRoute } from '../http/flv-route'
import { silentLogger } from '../logger'
import type { StreamInfo } from '../stream/live-stream'
import { PlayGate } from '../stream/play-gate'
import { malformedStreamName, SignatureCheck } from '../stream/signature-check'
import type { PcmBlock } from '../stream/soundtrack'
import { StreamRegistry } from '../stream/stream-registry'
import type { StreamService } from '../stream/stream-service'
import { defaultLebErrorCodes, lebRoute } from '../webrtc/leb-route'
import { WebRtcSessions } from '../webrtc/webrtc-sessions'
import { whepRoute } from '../webrtc/whep-route'
import { FrontDoor } from './front-door'
import { createHttpApp } from './http-app'
import { defaultOriginLimits, type OriginLimits } from './limits'
import { type CssOriginOptions, checkOriginOptions } from './origin-options'
import { signerFor } from './origin-signer'
import { reachableHosts } from './reachable-hosts'
import { warmUpWebRtc } from './warm-up'

/** New keys for {@link CssOrigin.replaceKeys}; an absent member keeps its keys. */
export interface ReplacedKeys {
  readonly pushKeys?: readonly string[]
  readonly playKeys?: readonly string[]
}

/** All play addresses of a stream. */
export interface OriginPlayUrls extends PlayUrls {
  /** Address for the `POST` of a WHEP offer. */
  readonly whep: string
}

/** A running origin: RTMP in and every playback protocol out, on one TCP port. */
export interface CssOrigin {
  /** `publicHost:port`: both the push domain and the play domain. */
  readonly domain: string
  /** `http://publicHost:port`. */
  readonly url: string
  /** Returns the live streams. */
  streams(): StreamInfo[]
  /** Returns the RTMP push address of a stream, valid for a day when the origin has push keys. */
  push(streamName: string): string
  /** Returns the HTTP-FLV address of a stream, valid for two hours when the origin has play keys. */
  play(streamName: string): string
  /**
   * Returns every play address of a stream with the same signature. The signalling host of `webrtc`, where
   * players post `/webrtc/v1/pullstream`, is the origin's `url`.
   */
  playUrls(streamName: string): OriginPlayUrls
  /**
   * Takes speech for WebRTC viewers, which cannot get the AAC of the push: blocks of 20 ms on the time line
   * of the RTMP stream, at or before the media of that time. A missing block is silence. No-op when the
   * stream is not live.
   *
   * @throws RangeError for a block without exactly 320 samples.
   */
  offerPcm(streamName: string, block: PcmBlock): void
  /**
   * Replaces the keys, as in a rotation. Later requests with a removed key are refused. Connected publishers
   * and viewers stay, except over HLS, where every request is checked (INTL 267/35598).
   *
   * @throws IvhConfigError for an invalid key or more than two keys of a domain. The old keys stay then.
   */
  replaceKeys(keys: ReplacedKeys): void
  /** Disconnects publishers and viewers, and closes the server. May be called more than once. */
  close(): Promise<void>
}

/** Time without requests after which HLS packaging of a stream stops, in milliseconds. */
const hlsIdleMs = 60_000

/**
 * Starts a Tencent CSS push and play domain on localhost: accepts RTMP pushes, checks their `txSecret`
 * (CN 267/32720) and serves them over RTMP, HTTP-FLV, HLS, LEB and WHEP.
 *
 * @throws IvhConfigError for an unknown or invalid option, for example more than two keys of a domain.
 * @throws the error of Node when it cannot listen on the port, such as `EADDRINUSE`.
 */
export async function createCssOrigin(options: CssOriginOptions = {}): Promise<CssOrigin> {
  checkOriginOptions(options)
  const { appName = 'live', host = '127.0.0.1', port = 0 } = options
  const { clock: wallClock = systemClock, logger = silentLogger } = options
  const clock = monotonicClock(wallClock)
  const now = (): number => wallClock.now()
  const limits: OriginLimits = { ...defaultOriginLimits, ...options.limits }
  const { playAuthDelta: authDelta = 0, playKeys = [], pushKeys = [] } = options
  const signing = { appName, authDelta, now }
  const reachable = reachableHosts(host)
  const { iceHosts = reachable.iceHosts, publicHost = reachable.publicHost } = options
  const urlHost = isIPv6(publicHost) ? `[${publicHost}]` : publicHost
  // Check the options before the server starts.
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
    onUnplayable: ({ app, name }, track, codec) =>
      logger.warn('track not playable over HLS and in browsers; the other track is not affected', {
        ...{ app, name, track, codec },
      }),
  })
  const gate = new PlayGate(play, registry)
  const rtmp: StreamService = {
    refuseApp: (app) =>
      app === appName ? undefined : `the application ${app} is unknown: use ${appName}`,
    publish: (request) => {
      const refusal =
        nameRefusal(request.streamName) ?? push.refuse(request.streamName, request.query)
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
    idleMs: hlsIdleMs,
    timeoutMs: limits.handshakeTimeoutMs,
  })
  const sessions = new WebRtcSessions({
    hosts: iceHosts,
    maxSessions: limits.maxWebRtcViewers,
    connectTimeoutMs: limits.handshakeTimeoutMs,
    silenceTimeoutMs: limits.webRtcSilenceMs,
    clock,
    logger,
  })
  const errorCodes = { ...defaultLebErrorCodes, ...options.lebErrorCodes }
  const app = createHttpApp(registry, now, [
    flvRoute({ gate, logger, maxViewerQueueBytes }),
    hlsRoute({ gate, packager, clock, stallMs: limits.idleTimeoutMs }),
    lebRoute({ gate, sessions, errorCodes }),
    whepRoute({ gate, sessions }),
  ])
  const http = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const door = new FrontDoor({ rtmp, http, clock, logger, limits })
  const domain = `${urlHost}:${await door.listen(host, port)}`
  let signer = signerFor(domain, { pushKeys, playKeys }, signing)
  const cancelWarmUp =
    limits.maxWebRtcViewers > 0
      ? warmUpWebRtc(() => registry.list().length === 0)
      : (): void => undefined

  /** Returns why a stream name has no play addresses, or undefined. */
  const nameRefusal = (streamName: string): string | undefined => {
    if (!streamName) return 'the stream name is empty: push to rtmp://<domain>/<app>/<stream>'
    try {
      signer.play(streamName)
      return undefined
    } catch {
      return malformedStreamName
    }
  }

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
      // Create the signer first: it throws for invalid keys before any key is replaced.
      signer = signerFor(domain, { pushKeys, playKeys }, signing)
      push.replaceKeys(pushKeys)
      play.replaceKeys(playKeys)
    },
    close: () => {
      cancelWarmUp()
      packager.close()
      closed ??= Promise.all([sessions.close(), door.close('the origin is closing')]).then(
        () => undefined,
      )
      return closed
    },
  }
}
