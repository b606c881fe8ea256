import type { SessionEventMap } from './session-events'

/** All events that plugins and `diagnostics_channel` receive: the session events and the events below. */
export interface PluginEventMap extends SessionEventMap {
  /** The first event: the session is ready and started, or resumed. */
  readonly opened: {
    /** Identifies the `sessions.open`; undefined after `sessions.resume`. */
    readonly openId: string | undefined
    /** Milliseconds since `open` or `resume` was called. */
    readonly elapsedMs: number
  }
  /** `say` or `sendAudio` was called. */
  readonly 'speech-queued': {
    /** Unique within the client. */
    readonly speechId: number
    readonly kind: 'text' | 'stream' | 'audio'
  }
  /** The first sound of the utterance. */
  readonly 'speech-started': {
    readonly speechId: number
    /** Milliseconds from the call to the first sound, including the wait for earlier utterances. */
    readonly latencyMs: number
  }
  /** The utterance was spoken or interrupted, or it failed. May follow `closed`. */
  readonly 'speech-finished': {
    readonly speechId: number
    /** Milliseconds from the call to the end of the utterance. */
    readonly durationMs: number
    readonly interrupted: boolean
    /** The error of a failed utterance. */
    readonly error: unknown
  }
}

export type PluginEventType = keyof PluginEventMap

/** A plugin event. `type` discriminates `detail`. */
export type PluginEvent = {
  [Type in PluginEventType]: { readonly type: Type; readonly detail: PluginEventMap[Type] }
}[PluginEventType]
