import type { PlayerState } from '../constants'
import type { EngineLoader } from '../engines/engine'
import type { PlayerError } from '../player-error'
import type { PageEnvironment } from './page-environment'
import type { UrlProvider } from './request-address'
import type { ScheduledRetry } from './retry-schedule'

/** Settings that may change at any time. The session reads them when it needs them. */
export interface SessionSettings {
  /** Seconds between the live edge and the picture. */
  readonly latency: number
  /** Maximum number of reconnect attempts in a row. */
  readonly reconnectLimit: number
  readonly urlProvider: UrlProvider | null
}

/** A scheduled reconnect, and the error that made it necessary. */
export interface Retry extends ScheduledRetry {
  error: PlayerError
}

/** The events of a session. */
export interface SessionListener {
  stateChanged(state: PlayerState, previous: PlayerState): void
  /** The video element holds a stream, and playback is requested. */
  playable(): void
  retryScheduled(retry: Retry): void
  /** A lost stream plays again. */
  recovered(): void
  /** The message for the visitor changed, and the state did not. */
  messageChanged(): void
}

export interface SessionOptions {
  video: () => HTMLVideoElement
  loaders: readonly EngineLoader[]
  settings: SessionSettings
  listener: SessionListener
  environment: PageEnvironment
}
