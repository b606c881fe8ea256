import type { IvhError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'

/**
 * The state of a command channel. `idle`: the channel was not used yet. `down`: the channel gave up for now;
 * the next use opens it again. `closed` is final.
 */
export type ChannelState = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'down' | 'closed'

/**
 * The reason why a session is closed:
 * - `requested`: `close()` was called
 * - `replaced`: another session was created with the same UserId
 * - `idle`: nothing was sent for too long
 * - `ended`: closed elsewhere, by its owner or by the service
 * - `unknown`: the service no longer knows the session
 * - `not-ready`: the service says that the session is not ready; its stream is gone
 */
export type CloseReason = 'requested' | 'replaced' | 'idle' | 'ended' | 'unknown' | 'not-ready'

/** The events of a session by name. The fields are in the event's `detail`. */
export interface SessionEventMap {
  /** The command channel is open, for the first time or again. */
  readonly ready: { readonly reconnected: boolean }
  /** The digital human starts to speak after silence. */
  readonly speaking: Record<string, never>
  /** Nothing is spoken or queued any more. */
  readonly idle: Record<string, never>
  /** The command channel was lost and is opened again after `delayMs`. */
  readonly reconnecting: {
    readonly attempt: number
    readonly delayMs: number
    readonly error: IvhError
  }
  /** The command channel was given up for now (`channelState` is `down`). */
  readonly disconnected: { readonly error: IvhError }
  /** The client sent a heartbeat. */
  readonly heartbeat: { readonly reqId: string }
  /** The client could not send a heartbeat that was due. */
  readonly 'heartbeat-missed': { readonly error: IvhError }
  /** The service sent a message on the command channel. Repetitions after a reconnect are left out. */
  readonly message: { readonly message: DownlinkMessage }
  /**
   * The session is closed; this is the last event. `error` is undefined when the session was closed with
   * `close()`.
   */
  readonly closed: { readonly reason: CloseReason; readonly error: IvhError | undefined }
}

export type SessionEventType = keyof SessionEventMap

/** An event of a session, as listeners receive it. */
export class IvhSessionEvent<Type extends SessionEventType = SessionEventType> extends Event {
  readonly detail: SessionEventMap[Type]

  /** @internal Sessions create their events. */
  constructor(type: Type, detail: SessionEventMap[Type]) {
    super(type)
    this.detail = detail
  }
}

/** An event of a session, as the async iterator returns it. */
export type AnySessionEvent = {
  [Type in SessionEventType]: { readonly type: Type; readonly detail: SessionEventMap[Type] }
}[SessionEventType]

export type SessionEventListener<Type extends SessionEventType> =
  | ((event: IvhSessionEvent<Type>) => void)
  | { handleEvent(event: IvhSessionEvent<Type>): void }
  | null
