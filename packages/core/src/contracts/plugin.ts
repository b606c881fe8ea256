import type { CreateSessionByAssetRequest, CreateSessionRequest } from '../protocol'
import type { ObservedRequest, PluginEvent, RequestObserver } from './observation'
import type { IvhSession, Playback } from './session'

/** A create request that plugins complete: without its ReqId, in the wire's own field names. */
export type CreateDraft =
  | (Omit<CreateSessionByAssetRequest, 'ReqId'> & { VirtualmanProjectId?: never })
  | (Omit<CreateSessionRequest, 'ReqId'> & { AssetVirtualmanKey?: never })

/** Facts about the session that is being opened. */
export interface OpenContext {
  /** Fires when the open is aborted. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch, from the client's clock. */
  readonly now: () => number
  /** Generates a unique id: 32 hexadecimal characters. */
  readonly createId: () => string
  /** Identifies this open. Its requests and its `opened` event carry it as `openId`. */
  readonly openId: string
}

/** Facts about the session that is being resumed. */
export interface ResumeContext {
  readonly sessionId: string
  /** The `userId` option of `resume`; empty when it was not given. */
  readonly userId: string
  /** This plugin's stored {@link SessionContribution.state}. */
  readonly state: string | undefined
  /** Fires when the resume is aborted. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch, from the client's clock. */
  readonly now: () => number
}

/** A plugin's additions to a session. */
export interface ResumeContribution<Extension = unknown> {
  /**
   * Returns playback addresses. Called at each read of `session.playback`. The addresses of later plugins
   * win.
   */
  readonly playback?: () => Playback
  /** The result of `session.extension(plugin)`. */
  readonly extension?: Extension
}

/** A plugin's additions to a session that is being opened. Every slot is optional. */
export interface SessionContribution<Extension = unknown> extends ResumeContribution<Extension> {
  /** The changed create request: a new object with the same `UserId`. */
  readonly request?: CreateDraft
  /**
   * The facts that `onResume` needs, in the plugin's own format. The application stores it
   * (`session.pluginState`), so it must hold no secret.
   */
  readonly state?: string
  /**
   * Called when the attempt or the open failed or was aborted and the service has no session of it: release
   * the reservations of the plugin. Every contribution is followed by either this call or an `opened` event. With `waitForQuota` it is called at
   * each refusal, so that nothing is reserved during the wait. Errors of the callback are logged.
   */
  readonly onFailed?: (error: unknown) => void
}

/**
 * Extends the client. Every slot is optional. Plugins run in the order of the `plugins` option.
 *
 * An error in `setup`, `onOpen`, `onResume` or a contribution's `playback` fails the call, as an
 * IvhPluginError with the plugin's name. An error in `onRequest`, `onEvent` or `onFailed` is logged, once
 * per plugin and slot, and has no other effect.
 *
 * @typeParam Extension The type of {@link SessionContribution.extension}.
 */
export interface IvhPlugin<Extension = unknown> {
  /** Unique within a client. Used in errors and as the key in `session.pluginState`. */
  readonly name: string
  /**
   * Prepares the plugin. Called once, before the client's first call, with the client's `timeoutMs` as its
   * limit. When it fails, the waiting calls fail and the next call repeats it. A call waits for it within its
   * own `deadlineMs` and `signal`; the setup continues after the call has timed out or was aborted.
   */
  readonly setup?: () => void | Promise<void>
  /**
   * Called before a create request is checked and sent: once per `sessions.open`, and with `waitForQuota`
   * once per attempt, after the `onFailed` of the previous attempt. The open fails when it takes longer than
   * the client's `timeoutMs`.
   */
  readonly onOpen?: (
    draft: CreateDraft,
    context: OpenContext,
  ) =>
    | SessionContribution<Extension>
    | undefined
    | Promise<SessionContribution<Extension> | undefined>
  /**
   * Called once per `sessions.resume`, before anything is sent. The resume fails when it takes longer than
   * the client's `timeoutMs`.
   */
  readonly onResume?: (
    context: ResumeContext,
  ) =>
    | ResumeContribution<Extension>
    | undefined
    | Promise<ResumeContribution<Extension> | undefined>
  /** Called once per HTTP call, regardless of retries. Returns the observer of this call. */
  readonly onRequest?: (request: ObservedRequest) => RequestObserver | undefined
  /**
   * Called with every event of a session, from `opened` to `closed`. A session whose opening failed has no
   * events.
   */
  readonly onEvent?: (event: PluginEvent, session: IvhSession) => void
}

/**
 * Returns the plugin unchanged, and infers the type of its extension.
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
