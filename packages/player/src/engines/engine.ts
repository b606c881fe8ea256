import type { PlayerError } from '../player-error'
import type { Source } from '../source/classify-source'

/** One address to play once, and the callbacks for its events. */
export interface EngineContext {
  readonly video: HTMLVideoElement
  readonly source: Source
  /** Seconds between the live edge and the picture. */
  readonly latency: number
  /** Aborted when the engine must stop receiving. The engine keeps the last picture until `destroy`. */
  readonly signal: AbortSignal
  /** Call it when the stream is attached to the video element, so that playback can start. */
  readonly attached: () => void
  /** Call it once when the connection is over. Calls after `signal` is aborted are ignored. */
  readonly lost: (error: PlayerError) => void
}

/** Plays one address over one connection. It never reconnects: the session starts a new engine. */
export interface Engine {
  /** Bytes of media received so far. */
  readonly bytesReceived: number
  /** Explains why nothing arrives when the server has not answered; `null` once it has. */
  unanswered(): PlayerError | null
  /** Releases the video element. The session aborts the signal first. */
  destroy(): void
}

/** Creates an engine and starts its connection. */
export type EngineFactory = (context: EngineContext) => Engine

/** Describes an engine whose code is not downloaded yet. */
export interface EngineLoader {
  /** Value of `player.engine` while this engine plays. */
  readonly name: string
  /** True for the sources that this engine plays. */
  canPlay(source: Source): boolean
  /** Downloads the engine by a dynamic `import()`. */
  load(): Promise<EngineFactory>
}
