import {
  type Clock,
  checkDuration,
  checkWholeNumber,
  monotonicClock,
  systemClock,
} from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import { createReqId } from '../calls/req-id'
import { checkQuery, resolveHeaders } from '../calls/request-additions'
import type { WebSocketFactory } from '../channel/web-socket-like'
import type { IvhPlugin } from '../contracts/plugin'
import { IvhConfigError } from '../errors'
import { consoleLogger, type Logger } from '../logging/logger'
import { redactingLogger } from '../logging/redacting-logger'
import { checkPlugins, createObservation, type Observation } from '../plugins/observation'
import { createPluginSetup, type PluginSetup } from '../plugins/setup'
import {
  type PollingOptions,
  type ResolvedPolling,
  resolvePolling,
} from '../sessions/waiting/polling-options'
import { createServerTime, type ServerTime } from '../signing/server-time'
import type { Transport } from '../transport/transport'
import { assertRuntime } from './assert-runtime'

/** The gateway's URL per region (1240/100385, 1211/62100). */
export const gatewayUrls = {
  international: 'https://gw-sg.tvs.qq.com',
  mainland: 'https://gw.tvs.qq.com',
} as const
export type Region = keyof typeof gatewayUrls

export interface IvhClientOptions {
  /** App key from the digital-human console. Default: the environment variable `IVH_APP_KEY`. */
  readonly appKey?: string | undefined
  /**
   * Access token from the digital-human console; a secret. Default: the environment variable
   * `IVH_ACCESS_TOKEN`.
   */
  readonly accessToken?: string | undefined
  /** The region of the public gateway. Default `international`. */
  readonly region?: Region | undefined
  /** The `http://` or `https://` URL of another gateway: a private deployment or the emulator. Overrides `region`. Default: the environment variable `IVH_BASE_URL`. */
  readonly baseUrl?: string | undefined
  /** `private` lets the caller choose the SessionId. Default `saas`. */
  readonly environment?: 'saas' | 'private' | undefined
  /** Extra headers of every call. The kit sets `content-type` itself. Default none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Extra query parameters of every call and of the command channel, for example `{ Language: 'en-US' }`.
   * They are signed. Only letters, digits and `-_.!~*'()` are allowed, because the signature of other
   * characters is not documented. Default none.
   */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Plugins, in order. Default none. */
  readonly plugins?: readonly IvhPlugin[] | undefined
  /** Timeout of each attempt, connection included, in milliseconds. Default 15 000. */
  readonly timeoutMs?: number | undefined
  /**
   * Deadline of a call in milliseconds, retries and pauses included. Default: `timeoutMs` per attempt plus
   * 10 s, so 55 000 with the other defaults.
   */
  readonly deadlineMs?: number | undefined
  /**
   * Maximum number of retries after a temporary failure. Creates and commands are retried only when the
   * earlier attempt certainly had no effect. Default 2.
   */
  readonly maxRetries?: number | undefined
  /** Options for polling sessions that are being prepared. */
  readonly polling?: PollingOptions | undefined
  /** The undici dispatcher to send with: a proxy, a pool or a mock. The client never closes it. */
  readonly dispatcher?: Dispatcher | undefined
  /** Replaces undici for calls. The client never closes it. */
  readonly transport?: Transport | undefined
  /** Opens the command channel's WebSocket. Default: undici's, through `dispatcher` when that is given. */
  readonly webSocket?: WebSocketFactory | undefined
  /** Time source and timers. Default: the system clock. */
  readonly clock?: Clock | undefined
  /** Random numbers from 0 to 1, for the pauses between retries. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Generates the ReqId of each call: 32 hexadecimal characters. Default: a random UUID without dashes. */
  readonly createId?: (() => string) | undefined
  /** Receives log lines. Default: warnings and errors go to the console. */
  readonly logger?: Logger | undefined
  /**
   * Allows the client in a page or a Web Worker, where it is refused by default because the access token
   * must not reach a browser. Use it only where the page is as trusted as a server and has Node's modules:
   * an Electron renderer with `nodeIntegration`, or jsdom in a test. A plain browser is always refused.
   * Default false.
   */
  readonly dangerouslyAllowBrowser?: boolean | undefined
}

/** The options after defaults and checks. */
export interface ResolvedOptions {
  readonly appKey: string
  readonly accessToken: string
  readonly origin: string
  readonly basePath: string
  readonly environment: 'saas' | 'private'
  /** All headers of a call. */
  readonly headers: Readonly<Record<string, string>>
  /** Extra signed query parameters. */
  readonly query: Readonly<Record<string, string>>
  readonly plugins: readonly IvhPlugin[]
  /** The setup of the plugins, which runs before the first call. */
  readonly setup: PluginSetup
  /** The observers of calls and sessions. */
  readonly observation: Observation
  readonly timeoutMs: number
  readonly deadlineMs: number | undefined
  readonly maxRetries: number
  readonly polling: ResolvedPolling
  readonly dispatcher: Dispatcher | undefined
  readonly transport: Transport | undefined
  /** The wall clock. */
  readonly clock: Clock
  /** Monotonic clock for measuring durations; unaffected by wall-clock changes. */
  readonly steady: Clock
  /** The time source for signatures. */
  readonly serverTime: ServerTime
  readonly webSocket: WebSocketFactory | undefined
  readonly random: () => number
  readonly createId: () => string
  readonly logger: Logger
}

/** @throws IvhConfigError naming the option and its environment variable. */
export function resolveOptions(options: IvhClientOptions): ResolvedOptions {
  assertRuntime({ allowBrowser: options.dangerouslyAllowBrowser ?? false })
  const environment = options.environment ?? 'saas'
  if (environment !== 'saas' && environment !== 'private') {
    throw new IvhConfigError(`environment "${String(environment)}" is not known`, {
      hint: 'Use "saas" (the public cloud) or "private" (your own deployment).',
    })
  }
  if (options.dispatcher && options.transport) {
    throw new IvhConfigError('dispatcher and transport were both given', {
      hint: 'Give only one of them: a transport replaces undici, and therefore its dispatcher.',
    })
  }
  const clock = options.clock ?? systemClock
  const steady = monotonicClock(clock)
  const logger = redactingLogger(options.logger ?? consoleLogger)
  const plugins = checkPlugins(options.plugins ?? [])
  const timeoutMs = checkDuration('timeoutMs', options.timeoutMs ?? 15_000)
  return {
    appKey: credential('appKey', 'IVH_APP_KEY', options.appKey),
    accessToken: credential('accessToken', 'IVH_ACCESS_TOKEN', options.accessToken),
    ...gateway(options),
    environment,
    headers: resolveHeaders(options.headers),
    query: checkQuery(options.query),
    plugins,
    setup: createPluginSetup({ plugins, clock, timeoutMs }),
    observation: createObservation({ plugins, clock: steady, logger }),
    timeoutMs,
    deadlineMs:
      options.deadlineMs === undefined
        ? undefined
        : checkDuration('deadlineMs', options.deadlineMs),
    maxRetries: checkWholeNumber('maxRetries', options.maxRetries ?? 2, 0),
    polling: resolvePolling(options.polling),
    dispatcher: options.dispatcher,
    webSocket: options.webSocket,
    transport: options.transport,
    clock,
    steady,
    serverTime: createServerTime({ clock, logger }),
    random: options.random ?? Math.random,
    createId: options.createId ?? createReqId,
    logger,
  }
}

function credential(option: string, variable: string, given: string | undefined): string {
  const value = given ?? process.env[variable]
  if (!value) {
    throw new IvhConfigError(`${option} is missing`, {
      hint: `Pass the option ${option} or set the environment variable ${variable}.`,
    })
  }
  // Refuse non-ASCII values: their signature is not documented.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new IvhConfigError(`${option} holds a space or a character outside ASCII`, {
      hint: `Copy it again from the console; check ${variable} for quotes and line ends.`,
    })
  }
  return value
}

function gateway(options: IvhClientOptions): { origin: string; basePath: string } {
  const region = options.region ?? 'international'
  if (!Object.hasOwn(gatewayUrls, region)) {
    throw new IvhConfigError(`region "${region}" is not known`, {
      hint: 'Use "international" or "mainland", or give baseUrl.',
    })
  }
  const text = options.baseUrl ?? gatewayUrls[region]
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url && !url.search && !url.hash && !url.username && !url.password
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new IvhConfigError(
      'baseUrl must be an http:// or https:// address without query or credentials',
      {
        hint: 'For example http://127.0.0.1:8080.',
      },
    )
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') }
}
