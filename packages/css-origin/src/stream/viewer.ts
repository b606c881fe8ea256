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
  /**
   * True for a viewer with its own delay, such as a packager: it gets cached media at its real pace. Others
   * get cached pictures in fast motion, so that they start near the live edge.
   */
  readonly keepsPace?: boolean
  /** True for a viewer that gets no track that browsers cannot play, because it would break the other. */
  readonly onlyPlayable?: boolean
  begin(beginning: Beginning): void
  send(tag: FlvTag): void
  /** Reports that the publisher has left; `lost` when it may return, because it did not unpublish. */
  end(lost: boolean): void
}
