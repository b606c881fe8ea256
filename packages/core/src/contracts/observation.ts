import type { AnyIvhError } from '../errors'
import type { SessionEventMap } from './session-events'

/**
 * An HTTP call as observers see it: without headers, query and body, and therefore without secrets. The
 * same object identifies the call in all its events.
 */
export interface ObservedRequest {
  readonly method: 'POST'
  /** Scheme, host and port of the gateway. */
  readonly origin: string
  /** The endpoint's path. */
  readonly path: string
  readonly reqId: string | undefined
  readonly sessionId: string | undefined
  /** The `sessions.open` that sent the call; see {@link OpenContext.openId}. */
  readonly openId: string | undefined
}

/** A failed attempt that is followed by a retry. */
export interface RequestRetry {
  /** The number of the failed attempt, from 1. */
  readonly attempt: number
  /** The pause before the next attempt, in milliseconds; 0 after a clock correction. */
  readonly delayMs: number
  readonly error: AnyIvhError
}

/** The outcome of a call with all its attempts. */
export interface RequestOutcome {
  /** Milliseconds from the first attempt to the end of the last, pauses included. */
  readonly durationMs: number
  /** The number of attempts. */
  readonly attempts: number
  /** The HTTP status of the last attempt; undefined without a response. */
  readonly status: number | undefined
  /** `Header.Code` of the response: 0 for success; undefined without a readable response. */
  readonly code: number | undefined
  /** The service's trace id (`Header.RequestID`). */
  readonly requestId: string | undefined
  /** The error of a failed call. */
  readonly error: AnyIvhError | undefined
}

/** Observes one call. */
export interface RequestObserver {
  readonly onRetry?: (retry: RequestRetry) => void
  readonly onEnd?: (outcome: RequestOutcome) => void
}

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
