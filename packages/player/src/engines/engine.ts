import type { PlayerError } from '../player-error'
import type { Source } from '../source/classify-source'

/** What an engine tells the session. None may be called after {@link Engine.destroy}. */
export interface EngineEvents {
  /** The stream is connected to the video element, now or anew; playback has to be (re)started. */
  attached(): void
  /** The connection is over. The engine keeps the picture until it is destroyed. */
  lost(error: PlayerError): void
}

/** What an engine is given to play one address once. */
export interface EngineContext {
  video: HTMLVideoElement
  source: Source
  /** Seconds to stay behind the live edge. */
  latency: number
  events: EngineEvents
}

/** One connection to one address. It never reconnects: the session builds a new one. */
export interface Engine {
  /** Bytes of media received so far. */
  readonly bytesReceived: number
  /** Ends the connection at once, silently; the picture stays. */
  suspend(): void
  /** Ends the connection and lets go of the video element. */
  destroy(): void
}

/** Starts a connection. */
export type EngineFactory = (context: EngineContext) => Engine

/** An engine that is known, and not yet downloaded. */
export interface EngineLoader {
  /** What `player.engine` says while it plays. */
  readonly name: string
  canPlay(source: Source): boolean
  /** Fetches the engine's code; only ever by dynamic import. */
  load(): Promise<EngineFactory>
}
