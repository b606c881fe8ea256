import type { CreateSessionByAssetRequest, CreateSessionRequest } from '../protocol'
import type { Playback } from '../sessions/playback'
import type { IvhSession } from '../sessions/session'
import type { ObservedRequest, RequestObserver } from './observed-request'
import type { PluginEvent } from './plugin-event'

/** A create request while plugins complete it: everything but the ReqId, under the wire's own names. */
export type CreateDraft =
  | (Omit<CreateSessionByAssetRequest, 'ReqId'> & { VirtualmanProjectId?: never })
  | (Omit<CreateSessionRequest, 'ReqId'> & { AssetVirtualmanKey?: never })

/** What a plugin may know of the session that is being opened. */
export interface OpenContext {
  /** Fires when the open is abandoned. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch, from the client's clock. */
  readonly now: () => number
  /** A fresh unique id: 32 hexadecimal characters. */
  readonly createId: () => string
  /** Names this open, however many tries it takes; the requests that it sends carry it as `openId`, and so does its `opened` event. */
  readonly openId: string
}

/** What a plugin may know of the session that is being resumed. */
export interface ResumeContext {
  readonly sessionId: string
  /** As the application gave it; empty when it did not. */
  readonly userId: string
  /** What this plugin's {@link SessionContribution.state} was, when the application kept it. */
  readonly state: string | undefined
  /** Fires when the resume is given up. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch, from the client's clock. */
  readonly now: () => number
}

/** What a plugin adds to a session, opened or resumed. */
export interface ResumeContribution<Extension = unknown> {
  /** Asked each time playback addresses are read, so that they may be signed afresh. Later plugins win. */
  readonly playback?: () => Playback
  /** What `session.extension(plugin)` gives: methods and facts of the plugin's own. */
  readonly extension?: Extension
}

/** What a plugin adds to a session that is being opened. Every slot is optional. */
export interface SessionContribution<Extension = unknown> extends ResumeContribution<Extension> {
  /** The create request to send instead. Return a new object, with the same `UserId`. */
  readonly request?: CreateDraft
  /**
   * What `onResume` needs to know to take hold of the session again, in this plugin's own words. The
   * application stores it (`session.pluginState`), so it must hold no secret.
   */
  readonly state?: string
  /**
   * The try that this plugin took part in failed, or the open after it, or it was abandoned: release what
   * was reserved. For every contribution there is either this or an `opened` event; with `waitForQuota`
   * this is called at each refusal, so nothing is kept while the open waits. What it throws is logged.
   */
  readonly onFailed?: (error: unknown) => void
}

/**
 * Extends the client without changing it. Every slot is optional; those that several plugins fill run
 * in the order of the `plugins` option.
 *
 * `setup`, `onOpen`, `onResume` and a contribution's `playback` take part: what they throw fails the
 * call, as IvhPluginError with the plugin's name. `onRequest`, `onEvent` and `onFailed` look on: what
 * they throw is logged, once for each plugin and slot, and changes nothing.
 *
 * @typeParam Extension What the plugin adds to a session, see {@link SessionContribution.extension}.
 */
export interface IvhPlugin<Extension = unknown> {
  /** Unique within a client. Errors carry it, and `session.pluginState` is kept under it. */
  readonly name: string
  /**
   * Called once, before the client's first call, for loading what the plugin needs. It may take as long
   * as the client's `timeoutMs`; when it fails, the calls that wait for it fail, and the next one tries
   * again. A call waits for it within its own `deadlineMs` and `signal`: it then fails with
   * IvhTimeoutError or IvhAbortError, while the setup goes on for the next one.
   */
  readonly setup?: () => void | Promise<void>
  /**
   * Called before a create request is checked and sent: once per `sessions.open`, and with `waitForQuota`
   * once more for each further try, after the `onFailed` of the one before. It may take as long as the
   * client's `timeoutMs`; then the open fails.
   */
  readonly onOpen?: (
    draft: CreateDraft,
    context: OpenContext,
  ) =>
    | SessionContribution<Extension>
    | undefined
    | Promise<SessionContribution<Extension> | undefined>
  /**
   * Called once per `sessions.resume`, before anything is sent. It may take as long as the client's
   * `timeoutMs`; then the resume fails.
   */
  readonly onResume?: (
    context: ResumeContext,
  ) =>
    | ResumeContribution<Extension>
    | undefined
    | Promise<ResumeContribution<Extension> | undefined>
  /** Called once per HTTP call, however often that is repeated; returns who wants to hear how it goes. */
  readonly onRequest?: (request: ObservedRequest) => RequestObserver | undefined
  /**
   * Called with everything that a session tells, from `opened` to `closed`. A session that was never
   * told to be `opened` tells nothing.
   */
  readonly onEvent?: (event: PluginEvent, session: IvhSession) => void
}

/**
 * Gives a plugin its type, the extension's included; returns it unchanged.
 *
 * @example
 * const greeter = definePlugin({
 *   name: 'greeter',
 *   onOpen: ({ UserId }) => ({ extension: { greeting: `Hello ${UserId}` } }),
 * })
 * session.extension(greeter)?.greeting
 */
export function definePlugin<Extension = undefined>(
  plugin: IvhPlugin<Extension>,
): IvhPlugin<Extension> {
  return plugin
}
