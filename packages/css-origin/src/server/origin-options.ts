import {
  type Clock,
  checkOptions,
  duration,
  type OptionRules,
  oneOf,
  port,
  ruleOf,
  text,
  textList,
  wholeNumber,
  withMethods,
} from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import type { SecondPublisher } from '../stream/stream-registry'
import type { LebErrorCodes } from '../webrtc/leb-route'
import type { OriginLimits } from './limits'

/** Options of {@link createCssOrigin}. */
export interface CssOriginOptions {
  /** Address to listen on; `0.0.0.0` means every address of this machine. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** TCP port of both RTMP and HTTP. Default 0: any free port. */
  readonly port?: number | undefined
  /**
   * Host in the addresses of the origin: a name or an IP address. Default: `host`; with `0.0.0.0` the first
   * external IPv4 address of this machine.
   */
  readonly publicHost?: string | undefined
  /** The only accepted application name. Default `live`. */
  readonly appName?: string
  /** Main and backup key of the push domain. Default: none, and every push is accepted. */
  readonly pushKeys?: readonly string[]
  /** Main and backup key of the play domain. Default: none, and every viewer is accepted. */
  readonly playKeys?: readonly string[]
  /**
   * Seconds that a play address stays valid after its `txTime`: the validity period of the play domain
   * (INTL 267/31058). A push address ends at its `txTime`. Default 0.
   */
  readonly playAuthDelta?: number
  /**
   * Handling of a push to a live stream name. The documents contradict each other: refused
   * (CN 1071/39360), or kept as a hot backup (INTL 267/35598). `'refuse'` (default) sends
   * `NetStream.Publish.BadName`; `'replace'` ends the older push and its viewers.
   */
  readonly secondPublisher?: SecondPublisher
  /**
   * IPv4 addresses that WebRTC viewers connect to. Default: `host`, or all addresses of this machine when
   * `host` is `0.0.0.0`. When the list is only `127.0.0.1`, the sockets listen on that address; otherwise
   * they listen on every interface.
   */
  readonly iceHosts?: readonly string[] | undefined
  /** Replaces `errcode` values that LEB does not document. */
  readonly lebErrorCodes?: Partial<LebErrorCodes>
  /** Target length of HLS segments in milliseconds; they end at the next key frame. Default 1000. */
  readonly hlsSegmentMs?: number
  /** Clock of timeouts, and of the time that `txTime` is compared with. Default: the system's. */
  readonly clock?: Clock
  /** Receives log lines, without keys and signatures. Default: none. */
  readonly logger?: Logger
  /** Overrides of the default limits. */
  readonly limits?: Partial<OriginLimits>
}

const limitRules: OptionRules<OriginLimits> = {
  maxMessageBytes: wholeNumber(1),
  maxChunkStreams: wholeNumber(1),
  handshakeTimeoutMs: duration,
  idleTimeoutMs: duration,
  maxViewerQueueBytes: wholeNumber(0),
  maxCachedBytes: wholeNumber(0),
  maxHlsBytes: wholeNumber(0),
  maxWebRtcViewers: wholeNumber(0),
  webRtcSilenceMs: duration,
  maxStreams: wholeNumber(0),
  maxConnections: wholeNumber(0),
}

const number = ruleOf('a number', (value) => typeof value === 'number')
const codeRules: OptionRules<LebErrorCodes> = {
  badRequest: number,
  refused: number,
  badOffer: number,
  full: number,
}

const optionRules: OptionRules<CssOriginOptions> = {
  host: text,
  port,
  publicHost: text,
  appName: text,
  pushKeys: textList,
  playKeys: textList,
  playAuthDelta: number,
  secondPublisher: oneOf('refuse', 'replace'),
  iceHosts: textList,
  lebErrorCodes: (option, value) =>
    checkOptions(`createCssOrigin({ ${option} })`, value as Partial<LebErrorCodes>, codeRules),
  hlsSegmentMs: duration,
  clock: withMethods('now', 'after'),
  logger: withMethods('debug', 'info', 'warn', 'error'),
  limits: (option, value) =>
    checkOptions(`createCssOrigin({ ${option} })`, value as Partial<OriginLimits>, limitRules),
}

/** @throws IvhConfigError for an unknown or invalid option. */
export function checkOriginOptions(options: CssOriginOptions): void {
  checkOptions('createCssOrigin', options, optionRules)
}
