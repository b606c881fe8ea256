import type { FlvTag } from '../flv/flv-tag'

/** Facts about a stream that a viewer gets before the first tag. */
export interface Beginning {
  /** Whether the stream has sound. */
  readonly audio: boolean
  /** Whether the stream has pictures. */
  readonly video: boolean
  /** Stream time in milliseconds that becomes 0 for this viewer. */
  readonly base: number
}

/** A viewer of a stream: gets `begin` once, then tags with time from 0. */
export interface Viewer {
  begin(beginning: Beginning): void
  send(tag: FlvTag): void
  /** Reports that the publisher has left. */
  end(): void
}
