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
import { IvhConfigError } from '../errors'
import { consoleLogger, type Logger } from '../logger'
import { checkPlugins, createObservation, type Observation } from '../plugins/observation'
import type { IvhPlugin } from '../plugins/plugin'
import { createPluginSetup, type PluginSetup } from '../plugins/setup'
import { redactingLogger } from '../redaction/redacting-logger'
import {
  type PollingOptions,
  type ResolvedPolling,
  resolvePolling,
} from '../sessions/waiting/polling-options'
import { createServerTime, type ServerTime } from '../signing/server-time'
import type { Transport } from '../transport/transport'
import { assertRuntime } from './assert-runtime'

/** The gateway's address per region (1240/100385, 1211/62100). */
export const gatewayUrls = {
  international: 'https://gw-sg.tvs.qq.com',
  mainland: 'https://gw.tvs.qq.com',
} as const
export type Region = keyof typeof gatewayUrls

export interface IvhClientOptions {
  /** From the digital-human console. Default: the environment variable `IVH_APP_KEY`. */
  readonly appKey?: string | undefined
  /** From the digital-human console; a secret. Default: the environment variable `IVH_ACCESS_TOKEN`. */
  readonly accessToken?: string | undefined
  /** Which public gateway to call. Default `international`. */
  readonly region?: Region | undefined
  /** Another gateway: a private deployment or the emulator, `http://` or `https://`. Wins over `region`. */
  readonly baseUrl?: string | undefined
  /** `private` allows a caller-given SessionId. Default `saas`. */
  readonly environment?: 'saas' | 'private' | undefined
  /** Sent with every call, beside `content-type`, which is the kit's own. Default none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Added to the query of every call and of the command channel, and signed with it, for example
   * `{ Language: 'en-US' }`. Values of letters, digits and `-_.!~*'()` only: how others are signed is not
   * documented. Default none.
   */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Applied in order; see {@link IvhPlugin}. Default none. */
  readonly plugins?: readonly IvhPlugin[] | undefined
  /** How long each attempt of a call may take, connection included, in milliseconds. Default 15 000. */
  readonly timeoutMs?: number | undefined
  /**
   * How long a call may take altogether, retries and the waits between them included, in milliseconds.
   * Default: `timeoutMs` for every attempt and 10 s for the waits, so 55 000 with the other defaults.
   */
  readonly deadlineMs?: number | undefined
  /**
   * How often a call is repeated after a failure that may pass. Creates and commands are repeated only
   * when the first certainly had no effect. Default 2.
   */
  readonly maxRetries?: number | undefined
  /** How sessions that wait to become ready are looked after. */
  readonly polling?: PollingOptions | undefined
  /** An undici dispatcher to send through (proxy, own pool, mock). Never closed by the client. */
  readonly dispatcher?: Dispatcher | undefined
  /** Replaces undici altogether. Never closed by the client. */
  readonly transport?: Transport | undefined
  /** Opens the command channel's WebSocket. Default: the kit's own, through `dispatcher` when that is given. */
  readonly webSocket?: WebSocketFactory | undefined
  /** Default: the wall clock. */
  readonly clock?: Clock | undefined
  /** Spreads the waits between retries; 0 to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Makes the 32-character ReqId of each call. Default: a random UUID without dashes. */
  readonly createId?: (() => string) | undefined
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger | undefined
  /**
   * The access token must not reach a browser, so the client refuses to run in a page or a Web Worker.
   * Set this only where the page is as trusted as a server and has Node's own modules as well: a renderer
   * of Electron with `nodeIntegration`, or jsdom in a test. In a plain browser the client cannot run, and
   * says so with IvhConfigError. Default false.
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
  /** All that a call is sent with. */
  readonly headers: Readonly<Record<string, string>>
  /** What is signed beside app key and time. */
  readonly query: Readonly<Record<string, string>>
  readonly plugins: readonly IvhPlugin[]
  /** What plugins do before the first call. */
  readonly setup: PluginSetup
  /** Who looks on. */
  readonly observation: Observation
  readonly timeoutMs: number
  readonly deadlineMs: number | undefined
  readonly maxRetries: number
  readonly polling: ResolvedPolling
  readonly dispatcher: Dispatcher | undefined
  readonly transport: Transport | undefined
  /** What time it is. */
  readonly clock: Clock
  /** The same for who measures lengths of time alone, which nobody can set. */
  readonly steady: Clock
  /** The time that signatures carry. */
  readonly serverTime: ServerTime
  readonly webSocket: WebSocketFactory | undefined
  readonly random: () => number
  readonly createId: () => string
  readonly logger: Logger
}

/** @throws IvhConfigError naming the option, and the environment variable where there is one. */
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
      hint: 'Give one: a transport replaces undici, and the dispatcher with it.',
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
  // The docs leave open how non-ASCII values are signed, so they are refused.
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
