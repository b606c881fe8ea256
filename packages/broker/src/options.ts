import type { IvhSession, OpenProgress } from '@ivh-kit/core'
import {
  type Clock,
  checkDuration,
  checkKnownOptions,
  checkWholeNumber,
  IvhConfigError,
  systemClock,
} from '@ivh-kit/kernel'
import { checkAllowedHosts } from './http/allowed-hosts'
import { checkAllowedOrigins } from './http/cross-origin'
import { checkReplica, type Replica } from './replica/replica'

export interface Logger {
  warn(message: string): void
  error(message: string): void
}

/** The argument of `open`. */
export interface OpenRequest {
  /** The visitor's HTTP request, for cookies, user and language. Its body is already read into `body`. */
  readonly request: Request
  /** The JSON object from the page; `{}` without one. Untrusted. */
  readonly body: Readonly<Record<string, unknown>>
  /** Unique for each session. Use it as `userId` if the application has no ids of its own. */
  readonly visitorId: string
  /** Aborted when the visit ends while the session opens. Pass it to `ivh.sessions.open`. */
  readonly signal: AbortSignal
  /** Reports the progress to the page. Pass it to `ivh.sessions.open`. */
  readonly onProgress: (progress: OpenProgress) => void
}

/** The argument of `onMessage`. */
export interface Message {
  /** The page's HTTP request. Its body is already read into `body`. */
  readonly request: Request
  /** The JSON object from the page. Untrusted: check it before the digital human says it. */
  readonly body: Readonly<Record<string, unknown>>
  /** The same id as in {@link OpenRequest}. */
  readonly visitorId: string
  /** The visitor's own session, in the state `ready`. */
  readonly session: IvhSession
}

/** The result of `authorize`. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement allows
export type Authorization = Response | boolean | undefined | void

export interface SessionBrokerOptions {
  /**
   * Opens a session for a visitor, normally with `ivh.sessions.open({ … })`. The application chooses
   * avatar, voice and UserId; the page cannot.
   */
  readonly open: (request: OpenRequest) => Promise<IvhSession>
  /**
   * Decides whether a session may be opened. Return nothing or `true` to allow, a `Response` (401, 403,
   * 429 …) or `false` to refuse; any other value refuses and is logged. Read only the headers; the body
   * is for `open`. Default: every request is allowed.
   */
  readonly authorize?: ((request: Request) => Authorization | Promise<Authorization>) | undefined
  /**
   * Handles a message from the page, for example with an LLM and `session.say`. A returned `Response`
   * goes to the page; without one the page gets 204. Do not wait for the end of the speech, because the
   * page waits for the response. Default: pages cannot send messages.
   */
  readonly onMessage?: ((message: Message) => unknown) | undefined
  /** Path prefix of the broker's routes, without a slash at the end. Default `/ivh`. */
  readonly basePath?: string | undefined
  /**
   * Other origins whose pages may use the broker, for example `['https://shop.example.com']`. The page's
   * own origin is always allowed; the request's `Host` header decides, or `X-Forwarded-Host` with
   * `trustProxy`. Behind a proxy that rewrites `Host`, list the page's origin here. Default none.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * Host names under which the broker answers, without port, for example `['shop.example.com']`. They
   * keep a foreign page from reaching a server on this machine under its own name (DNS rebinding).
   * Default: the names of this machine for connections from this machine, any name for others.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Believe `X-Forwarded-Host`. Only behind a proxy that sets this header itself. Default false.
   */
  readonly trustProxy?: boolean | undefined
  /**
   * Maximum number of sessions. Each one costs money. A session counts until the service has confirmed its
   * close. Default 20.
   */
  readonly maxSessions?: number | undefined
  /** Maximum duration of a session. Default 1 800 000 ms (30 minutes). */
  readonly maxDurationMs?: number | undefined
  /**
   * Time until a session is closed after its page has left or lost its event stream. Default 10 000 ms,
   * so that a short network failure does not end a conversation.
   */
  readonly graceMs?: number | undefined
  /**
   * Time until a session is closed whose page gives no sign of life although its connection looks open.
   * The client of this package gives one every 15 s. Default 60 000 ms.
   */
  readonly maxSilenceMs?: number | undefined
  /** Interval of the polls that detect a close by the service. Default 10 000 ms. */
  readonly watchIntervalMs?: number | undefined
  /**
   * Names this process, so that the sessions that it left open in a crash are closed when it starts again.
   * Each `visitorId` then begins with the name: use it as `userId`. Default: orphans are not looked for.
   */
  readonly replica?: Replica | undefined
  readonly clock?: Clock | undefined
  /** Creates ids and tickets: hexadecimal text of at least 32 characters. Default random. */
  readonly createId?: (() => string) | undefined
  readonly logger?: Logger | undefined
}

export type ResolvedBrokerOptions = {
  readonly [Name in Exclude<keyof SessionBrokerOptions, Optional>]-?: Exclude<
    SessionBrokerOptions[Name],
    undefined
  >
} & Pick<SessionBrokerOptions, Optional>

type Optional = 'onMessage' | 'allowedHosts' | 'replica'

const knownOptions = Object.keys({
  open: 0,
  authorize: 0,
  onMessage: 0,
  basePath: 0,
  allowedOrigins: 0,
  allowedHosts: 0,
  trustProxy: 0,
  maxSessions: 0,
  maxDurationMs: 0,
  graceMs: 0,
  maxSilenceMs: 0,
  watchIntervalMs: 0,
  replica: 0,
  clock: 0,
  createId: 0,
  logger: 0,
} satisfies Record<keyof SessionBrokerOptions, 0>)

/** @throws IvhConfigError for an unknown or invalid option. */
export function resolveBrokerOptions(options: SessionBrokerOptions): ResolvedBrokerOptions {
  checkKnownOptions('createSessionBroker', options, knownOptions)
  if (typeof options.open !== 'function') {
    throw new IvhConfigError(`open must be a function, got ${typeof options.open}`, {
      code: options.open === undefined ? 'missing-option' : 'invalid-option',
      option: 'open',
      hint: 'Give a function that opens a session: ({ visitorId }) => ivh.sessions.open({ … }).',
    })
  }
  return {
    open: options.open,
    authorize: options.authorize ?? (() => true),
    onMessage: options.onMessage,
    basePath: checkBasePath(options.basePath ?? '/ivh'),
    allowedOrigins: checkAllowedOrigins(options.allowedOrigins ?? []),
    allowedHosts: options.allowedHosts && checkAllowedHosts(options.allowedHosts),
    trustProxy: options.trustProxy ?? false,
    maxSessions: checkWholeNumber('maxSessions', options.maxSessions ?? 20, 1),
    maxDurationMs: checkDuration('maxDurationMs', options.maxDurationMs ?? 1_800_000),
    graceMs: checkDuration('graceMs', options.graceMs ?? 10_000),
    maxSilenceMs: checkDuration('maxSilenceMs', options.maxSilenceMs ?? 60_000),
    watchIntervalMs: checkDuration('watchIntervalMs', options.watchIntervalMs ?? 10_000),
    replica: options.replica && checkReplica(options.replica),
    clock: options.clock ?? systemClock,
    createId: options.createId ?? randomHex,
    // biome-ignore lint/suspicious/noConsole: the console is the default logger
    logger: options.logger ?? { warn: console.warn, error: console.error },
  }
}

function checkBasePath(basePath: string): string {
  if (/^(?:\/[^/?#]+)*$/.test(basePath)) return basePath
  throw new IvhConfigError(`basePath is ${JSON.stringify(basePath)}`, {
    option: 'basePath',
    hint: 'Start it with a slash and end it without one, like "/ivh".',
  })
}

function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
