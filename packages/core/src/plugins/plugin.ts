import type { CreateSessionByAssetRequest, CreateSessionRequest } from '../protocol'
import type { Playback } from '../sessions/playback'

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
}

/** What a plugin adds to one session. Both slots are optional. */
export interface SessionContribution {
  /** The create request to send instead. Return a new object. */
  readonly request?: CreateDraft
  /** Asked each time playback addresses are read, so that they may be signed afresh. Later plugins win. */
  readonly playback?: () => Playback
}

/**
 * Extends the client without changing it. Slots run in the order of the `plugins` option; what a slot
 * throws is reported as IvhPluginError with the plugin's name.
 */
export interface IvhPlugin {
  readonly name: string
  /** Called once per `sessions.open`, before the create request is checked and sent. */
  readonly onOpen?: (
    draft: CreateDraft,
    context: OpenContext,
  ) => SessionContribution | undefined | Promise<SessionContribution | undefined>
}

/** Gives a plugin its type; returns it unchanged. */
export function definePlugin<Plugin extends IvhPlugin>(plugin: Plugin): Plugin {
  return plugin
}
