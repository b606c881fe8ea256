import { defaultChunkLimits } from '../rtmp/chunk-reader'

/** Limits of the origin. The defaults suit a test machine. */
export interface OriginLimits {
  /**
   * Maximum size of an RTMP message, and of all incomplete messages of a connection together; commands and
   * data have at most 64 KiB. Default 4 MiB.
   */
  readonly maxMessageBytes: number
  /** Maximum number of chunk streams per connection. Default 32. */
  readonly maxChunkStreams: number
  /** Timeout of the first byte, of the handshake, and of `publish` after it. Default 10,000 ms. */
  readonly handshakeTimeoutMs: number
  /** Time without data after which a publisher is dropped. Default 70,000 ms, as on CSS (INTL 267/35598). */
  readonly idleTimeoutMs: number
  /** Maximum number of queued bytes for a viewer; above it, the viewer is dropped. Default 8 MiB. */
  readonly maxViewerQueueBytes: number
  /**
   * Maximum number of bytes in memory since the last key frame, so that viewers start at once; at most half
   * of `maxViewerQueueBytes`. With 0 a viewer waits for the next key frame and has less delay. Default 2 MiB.
   */
  readonly maxCachedBytes: number
  /** Maximum number of bytes of HLS segments per stream. Default 32 MiB. */
  readonly maxHlsBytes: number
  /** Maximum number of WebRTC viewers. Default 50. */
  readonly maxWebRtcViewers: number
  /** Time without packets after which a WebRTC viewer is dropped. Default 9,000 ms. */
  readonly webRtcSilenceMs: number
  /** Maximum number of live streams. Default 200. */
  readonly maxStreams: number
  /** Maximum number of open connections of all protocols. Default 2000. */
  readonly maxConnections: number
}

export const defaultOriginLimits: OriginLimits = {
  ...defaultChunkLimits,
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
