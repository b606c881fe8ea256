import { DEFAULT_CHUNK_LIMITS } from '../rtmp/chunk-reader'

/** Limits of the origin. The defaults suit a test machine. */
export interface OriginLimits {
  /**
   * Longest RTMP message, and all incomplete messages of a connection together; commands and data have at
   * most 64 KiB. Default 4 MiB.
   */
  readonly maxMessageBytes: number
  /** Chunk streams per connection. Default 32. */
  readonly maxChunkStreams: number
  /** Timeout of the first byte, of the handshake, and of `publish` after it. Default 10,000 ms. */
  readonly handshakeTimeoutMs: number
  /** A publisher that is silent for this time is dropped. Default 70,000 ms, as on CSS (INTL 267/35598). */
  readonly idleTimeoutMs: number
  /** A viewer with more queued bytes is dropped. Default 8 MiB. */
  readonly maxViewerQueueBytes: number
  /**
   * Bytes that are kept since the last key frame, so that viewers start at once; at most half of
   * `maxViewerQueueBytes`. With 0 a viewer waits for the next key frame and has less delay. Default 2 MiB.
   */
  readonly maxCachedBytes: number
  /** Bytes of HLS segments per stream. Default 32 MiB. */
  readonly maxHlsBytes: number
  /** WebRTC viewers. Default 50. */
  readonly maxWebRtcViewers: number
  /** A WebRTC viewer that sends nothing for this time is dropped. Default 9,000 ms. */
  readonly webRtcSilenceMs: number
  /** Live streams. Default 200. */
  readonly maxStreams: number
  /** Open connections of every protocol. Default 2000. */
  readonly maxConnections: number
}

export const DEFAULT_ORIGIN_LIMITS: OriginLimits = {
  ...DEFAULT_CHUNK_LIMITS,
  handshakeTimeoutMs: 10_000,
  idleTimeoutMs: 70_000,
  maxViewerQueueBytes: 8 * 1024 * 1024,
  maxCachedBytes: 2 * 1024 * 1024,
  maxHlsBytes: 32 * 1024 * 1024,
  maxWebRtcViewers: 50,
  webRtcSilenceMs: 9_000,
  maxStreams: 200,
  maxConnections: 2000,
}
