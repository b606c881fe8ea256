import type { SessionEventMap } from '../sessions/session-events'

/** What plugins and `diagnostics_channel` hear of a session: its own events, and these. */
export interface PluginEventMap extends SessionEventMap {
  /** The first event: it is ready and started, or taken hold of. */
  readonly opened: {
    /** Of the `sessions.open`; undefined after `sessions.resume`. */
    readonly openId: string | undefined
    /** Since `open` or `resume` was called, in milliseconds. */
    readonly elapsedMs: number
  }
  /** `say` or `sendAudio` was called. */
  readonly 'speech-queued': {
    /** Unique within the client. */
    readonly speechId: number
    readonly kind: 'text' | 'stream' | 'audio'
  }
  /** Its first sound is out. */
  readonly 'speech-started': {
    readonly speechId: number
    /** Since it was queued, in milliseconds: earlier utterances included. */
    readonly latencyMs: number
  }
  /** It has been spoken, interrupted, or has failed. May come after `closed`. */
  readonly 'speech-finished': {
    readonly speechId: number
    /** Since it was queued, in milliseconds. */
    readonly durationMs: number
    readonly interrupted: boolean
    /** What its promises rejected with. */
    readonly error: unknown
  }
}

export type PluginEventType = keyof PluginEventMap

/** One of them: `type` tells which `detail` it has. */
export type PluginEvent = {
  [Type in PluginEventType]: { readonly type: Type; readonly detail: PluginEventMap[Type] }
}[PluginEventType]
