import type { FlvTag } from './flv-tag'

/** What a viewer has to know before the first tag. */
export interface Beginning {
  /** Whether sound and picture are to be expected. */
  readonly audio: boolean
  readonly video: boolean
  /** The time of the stream that is 0 in the tags that follow, in milliseconds. */
  readonly base: number
}

/** Whoever watches a stream: gets `begin` once, then tags whose time counts from 0. */
export interface Viewer {
  begin(beginning: Beginning): void
  send(tag: FlvTag): void
  /** The publisher has left. */
  end(): void
}
