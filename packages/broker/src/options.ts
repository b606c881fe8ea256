import type { IvhSession, OpenProgress } from '@ivh-kit/core'

/** Time as the broker sees it; the same shape as core's. */
export interface Clock {
  now(): number
  after(delayMs: number, callback: () => void): () => void
}

export interface Logger {
  warn(message: string): void
  error(message: string): void
}

/** What the application gets when a visitor asks for a session. */
export interface OpenRequest {
  /** The visitor's HTTP request: cookies, user, language. Its body has been read; see `body`. */
  readonly request: Request
  /** The JSON object the page sent, `{}` when it sent none. Untrusted. */
  readonly body: Readonly<Record<string, unknown>>
  /** Unique per session; a good `userId` when the application has none of its own. */
  readonly visitorId: string
  /** Pass it on: it fires when the visitor leaves while the session is being prepared. */
  readonly signal: AbortSignal
  /** Pass it on: it feeds the page's progress. */
  readonly onProgress: (progress: OpenProgress) => void
}

/** What the application gets when a page sends something to its session. */
export interface Message {
  /** The page's HTTP request. Its body has been read; see `body`. */
  readonly request: Request
  /** The JSON object that the page sent. Untrusted: check it before you say it. */
  readonly body: Readonly<Record<string, unknown>>
  /** As in {@link OpenRequest}. */
  readonly visitorId: string
  /** The visitor's own session, ready to be driven. */
  readonly session: IvhSession
}

export interface SessionBrokerOptions {
  /**
   * Opens the session a visitor may have; normally `ivh.sessions.open({ … })`. It decides which avatar,
   * voice and UserId, never the page.
   */
  readonly open: (request: OpenRequest) => Promise<IvhSession>
  /**
   * Asked before a session is opened: return a `Response` (401, 403, 429 …) to refuse, nothing to
   * allow. Read the headers only; the body belongs to `open`. Default: everybody whom
   * `allowedOrigins` lets in.
   */
  readonly authorize?:
    | ((request: Request) => Response | undefined | Promise<Response | undefined>)
    | undefined
  /**
   * Takes what a page sends to its session: have it answered by your LLM, say it, interrupt. Return a
   * `Response` to answer with it, nothing for 204; do not wait until everything is said, the page is
   * waiting for the answer. Default: pages can send nothing.
   */
  readonly onMessage?:
    | ((message: Message) => Response | undefined | Promise<Response | undefined>)
    | undefined
  /** Where the broker is mounted, without a slash at the end. Default `/ivh`. */
  readonly basePath?: string | undefined
  /**
   * Origins besides the page's own that may use the broker, for example `https://shop.example.com`. The
   * page's own is the one whose host is the request's `Host`; behind a proxy that rewrites `Host`, list
   * it here. Default none.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Sessions open at once over this broker; each one is paid for. Default 20. */
  readonly maxSessions?: number | undefined
  /** A session is closed after this, whatever its visitor does. Default 1 800 000 ms (30 minutes). */
  readonly maxDurationMs?: number | undefined
  /**
   * A session whose page has gone (its event stream broke and none came back) is closed after this.
   * Default 10 000 ms: a short network cut should not end a conversation.
   */
  readonly graceMs?: number | undefined
  /** How often an open session is looked at, to tell the page when the service closed it. Default 10 000 ms. */
  readonly watchIntervalMs?: number | undefined
  readonly clock?: Clock | undefined
  /** Makes ids and tickets: hexadecimal text of at least 32 characters. Default random. */
  readonly createId?: (() => string) | undefined
  readonly logger?: Logger | undefined
}

export type ResolvedBrokerOptions = {
  readonly [Name in Exclude<keyof SessionBrokerOptions, 'onMessage'>]-?: Exclude<
    SessionBrokerOptions[Name],
    undefined
  >
} & Pick<SessionBrokerOptions, 'onMessage'>

const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** @throws TypeError naming the option that is wrong. */
export function resolveBrokerOptions(options: SessionBrokerOptions): ResolvedBrokerOptions {
  if (typeof options.open !== 'function') {
    throw new TypeError('open must be a function that opens a session, like ivh.sessions.open')
  }
  const basePath = options.basePath ?? '/ivh'
  if (!/^(?:\/[^/?#]+)*$/.test(basePath)) {
    throw new TypeError('basePath must start with a slash and must not end with one, like "/ivh"')
  }
  return {
    open: options.open,
    authorize: options.authorize ?? (() => undefined),
    onMessage: options.onMessage,
    basePath,
    allowedOrigins: options.allowedOrigins ?? [],
    maxSessions: positive('maxSessions', options.maxSessions ?? 20),
    maxDurationMs: positive('maxDurationMs', options.maxDurationMs ?? 1_800_000),
    graceMs: positive('graceMs', options.graceMs ?? 10_000),
    watchIntervalMs: positive('watchIntervalMs', options.watchIntervalMs ?? 10_000),
    clock: options.clock ?? systemClock,
    createId: options.createId ?? randomHex,
    // biome-ignore lint/suspicious/noConsole: the default logger is the one place that writes to it
    logger: options.logger ?? { warn: console.warn, error: console.error },
  }
}

/** A timer that is set for longer than this fires at once. */
const longestTimerMs = 2 ** 31 - 1

function positive(name: string, value: number): number {
  if (value > 0 && value <= longestTimerMs) return value
  throw new TypeError(`${name} must be a positive number up to ${longestTimerMs}, got ${value}`)
}

function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
