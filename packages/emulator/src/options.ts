import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from './clock'
import { type Logger, silentLogger } from './logger'
import type { MediaPlane } from './media-plane'

export interface GatewayOptions {
  /** The app key that is accepted. Default `emulator-appkey`. */
  readonly appKey?: string | undefined
  /** The access token that signs. Default `emulator-accesstoken`. */
  readonly accessToken?: string | undefined
  /** `private` accepts a caller-given SessionId. Default `saas`. */
  readonly environment?: 'saas' | 'private' | undefined
  /**
   * How many sessions may be live at once; beyond it 100008. 0 stands for an account that has bought
   * none: every create is refused with 100014. Default 10.
   */
  readonly concurrency?: number | undefined
  /** How long a session stays in SessionStatus 3, in milliseconds. 0 answers status 1 at once. Default 1 000. */
  readonly prepareMs?: number | undefined
  /** A session without drive commands is closed after this (CloseType 2), in milliseconds. Default 600 000. */
  readonly idleTimeoutMs?: number | undefined
  /** Host of platform play addresses when there is no media plane. Default `liveplay.ivh.qq.com`. */
  readonly playDomain?: string | undefined
  /**
   * How a bad signature, a stale timestamp and an unknown app key are answered; the vendor publishes
   * neither code nor status. Default HTTP 200 with code 100005.
   */
  readonly authFailure?: { readonly status: 200 | 401 | 403; readonly code: number } | undefined
  /** Shows the human. Default none. */
  readonly media?: MediaPlane | undefined
  readonly clock?: Clock | undefined
  /** Makes ids: 32 hexadecimal characters. Default random. */
  readonly createId?: (() => string) | undefined
  readonly logger?: Logger | undefined
}

/** The credentials the emulator accepts when none are given. */
export const defaultCredentials = {
  appKey: 'emulator-appkey',
  accessToken: 'emulator-accesstoken',
} as const

export type ResolvedGatewayOptions = {
  readonly [Name in Exclude<keyof GatewayOptions, 'media'>]-?: Exclude<
    GatewayOptions[Name],
    undefined
  >
} & { readonly media: MediaPlane | undefined }

/** @throws RangeError naming the option that is wrong. */
export function resolveGatewayOptions(options: GatewayOptions): ResolvedGatewayOptions {
  return {
    appKey: options.appKey ?? defaultCredentials.appKey,
    accessToken: options.accessToken ?? defaultCredentials.accessToken,
    environment: options.environment ?? 'saas',
    concurrency: within(0, 'concurrency', options.concurrency ?? 10),
    prepareMs: within(0, 'prepareMs', options.prepareMs ?? 1_000),
    idleTimeoutMs: within(1, 'idleTimeoutMs', options.idleTimeoutMs ?? 600_000),
    playDomain: options.playDomain ?? 'liveplay.ivh.qq.com',
    authFailure: options.authFailure ?? { status: 200, code: 100005 },
    media: options.media,
    clock: options.clock ?? systemClock,
    createId: options.createId ?? (() => randomUUID().replaceAll('-', '')),
    logger: options.logger ?? silentLogger,
  }
}

/** A timer that is set for longer than this fires at once. */
const longestTimerMs = 2 ** 31 - 1

function within(minimum: number, name: string, value: number): number {
  if (value >= minimum && value <= longestTimerMs) return value
  throw new RangeError(
    `${name} must be a number from ${minimum} to ${longestTimerMs}, got ${value}`,
  )
}
