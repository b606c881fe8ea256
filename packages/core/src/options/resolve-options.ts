import {
  checkDuration,
  checkWholeNumber,
  monotonicClock,
  rememberSecret,
  systemClock,
} from '@ivh-kit/kernel'
import { IvhConfigError } from '../errors'
import { consoleLogger, redactingLogger } from '../logging/logger'
import { checkPlugins, createObservation } from '../plugins/observation'
import { createPluginSetup } from '../plugins/setup'
import { createServerTime } from '../signing/server-time'
import { assertRuntime } from './assert-runtime'
import { gatewayUrls, type IvhClientOptions } from './client-options'
import { checkClientNames, checkPollingNames } from './option-names'
import { checkQuery, resolveHeaders } from './request-additions'

/** @throws IvhConfigError naming the option and its environment variable. */
export function resolveOptions(options: IvhClientOptions) {
  checkClientNames(options)
  checkPollingNames(options.polling)
  assertRuntime({ allowBrowser: options.dangerouslyAllowBrowser ?? false })
  const environment = options.environment ?? 'saas'
  if (environment !== 'saas' && environment !== 'private') {
    throw new IvhConfigError(`environment "${String(environment)}" is not known`, {
      hint: 'Use "saas" (the public cloud) or "private" (your own deployment).',
    })
  }
  if (options.dispatcher !== undefined && typeof options.dispatcher?.dispatch !== 'function') {
    throw new IvhConfigError('dispatcher is not a dispatcher of undici', {
      option: 'dispatcher',
      hint: 'Give an Agent, a Pool, a ProxyAgent or a MockAgent of undici 7.',
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
    /** The setup of the plugins, which runs before the first call. */
    setup: createPluginSetup({ plugins, clock, timeoutMs }),
    observation: createObservation({ plugins, clock: steady, logger }),
    timeoutMs,
    deadlineMs:
      options.deadlineMs === undefined
        ? undefined
        : checkDuration('deadlineMs', options.deadlineMs),
    maxRetries: checkWholeNumber('maxRetries', options.maxRetries ?? 2, 0),
    pollsAtOnce: checkWholeNumber('polling.concurrency', options.polling?.concurrency ?? 64, 1),
    dispatcher: options.dispatcher,
    webSocket: options.webSocket,
    transport: options.transport,
    /** The wall clock. */
    clock,
    /** Monotonic clock for measuring durations; unaffected by wall-clock changes. */
    steady,
    /** The time source for signatures. */
    serverTime: createServerTime({ clock, logger }),
    random: options.random ?? Math.random,
    /** Generates 32 hexadecimal characters (1211/62103). */
    createId: options.createId ?? (() => crypto.randomUUID().replaceAll('-', '')),
    logger,
  } as const
}

/** The client's options after defaults and checks. Every part of the client reads its settings from here. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

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
  if (option === 'accessToken') rememberSecret(value)
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
