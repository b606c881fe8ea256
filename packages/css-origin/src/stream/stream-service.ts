import type { FlvTag } from '../flv/flv-tag'
import type { Viewer } from './viewer'

/** Receives the media of one accepted publisher. */
export interface PublishSink {
  push(tag: FlvTag): void
  /**
   * Reports once that the publisher has left, with the reason as a sentence. `lost` is true when it may
   * return, because it did not unpublish.
   */
  end(reason: string, lost?: boolean): void
}

/** A player's request for a stream. */
export interface PlayRequest {
  readonly app: string
  readonly streamName: string
  /** The query after the stream name; it carries the signature. */
  readonly query: URLSearchParams
}

/** A publisher's request to start a stream. */
export interface PublishRequest extends PlayRequest {
  /** Disconnects the publisher; the reason is sent to it. */
  readonly evict: (reason: string) => void
}

/** The encoder shows the `description` of a refusal to its user. */
export type PublishResult =
  | { readonly ok: true; readonly sink: PublishSink }
  | { readonly ok: false; readonly description: string }

/** `watch` adds the viewer to the stream and returns the function that removes it. */
export type PlayResult =
  | { readonly ok: true; readonly watch: (viewer: Viewer) => () => void }
  | { readonly ok: false; readonly code: string; readonly description: string }

/** Decides for an RTMP server who may publish and play. */
export interface StreamService {
  /** Returns why clients may not connect to `app`, or undefined when they may. */
  refuseApp(app: string): string | undefined
  publish(request: PublishRequest): PublishResult
  play(request: PlayRequest): PlayResult
}
