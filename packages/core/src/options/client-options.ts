import type { Clock } from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import type { WebSocketFactory } from '../channel/web-socket-like'
import type { IvhPlugin } from '../contracts/plugin'
import type { Logger } from '../logging/logger'
import type { Transport } from '../transport/transport'

/** The gateway's URL per region (1240/100385, 1211/62100). */
export const gatewayUrls = {
  international: 'https://gw-sg.tvs.qq.com',
  mainland: 'https://gw.tvs.qq.com',
} as const
export type Region = keyof typeof gatewayUrls

/** Options for polling sessions that are being prepared. */
export interface PollingOptions {
  /** Maximum number of concurrent statsession polls. Default 64. */
  readonly concurrency?: number | undefined
}

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
