import { DEFAULT_CHUNK_LIMITS } from '../rtmp/chunk-reader'

/** What strangers may cost the origin. Every limit has a default that suits a test machine. */
export interface OriginLimits {
  /**
   * Longest RTMP message, and all half-received ones of a connection together; commands and data have
   * 64 KiB at most. Default 4 MiB.
   */
  readonly maxMessageBytes: number
  /** Chunk streams of one connection. Default 32. */
  readonly maxChunkStreams: number
  /** Time for the first byte, for the handshake, and for `publish` after it. Default 10 000 ms. */
  readonly handshakeTimeoutMs: number
  /** A publisher silent for this long is dropped. Default 70 000 ms, as CSS does (INTL 267/35598). */
  readonly idleTimeoutMs: number
  /** Bytes that a viewer may be behind before it is dropped. Default 8 MiB. */
  readonly maxViewerQueueBytes: number
  /**
   * Bytes kept since the last key frame, so that viewers start at once, as far behind as it is; never
   * more than half of a viewer's queue. With 0 a viewer waits for the next key frame and is less behind.
   * Default 2 MiB.
   */
  readonly maxCachedBytes: number
  /** Bytes of HLS segments kept of one stream. Default 32 MiB. */
  readonly maxHlsBytes: number
  /** Viewers over WebRTC. Default 50. */
  readonly maxWebRtcViewers: number
  /** A viewer over WebRTC of whom nothing comes for this long is dropped. Default 9 000 ms. */
  readonly webRtcSilenceMs: number
  /** Streams that are live at once. Default 200. */
  readonly maxStreams: number
  /** Open connections of every kind. Default 2000. */
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
