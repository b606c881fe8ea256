import type { Duplex } from 'node:stream'
import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import type { StreamService } from '../stream/stream-service'
import type { ChunkLimits } from './chunk-reader'

export interface RtmpServerSessionOptions {
  readonly socket: Duplex
  readonly service: StreamService
  readonly clock: Clock
  readonly logger: Logger
  readonly chunkLimits: ChunkLimits
  /** Timeout of the handshake, and of `publish` or `play` after it, in milliseconds. */
  readonly handshakeTimeoutMs: number
  /** Time without data after which a publisher is dropped, in milliseconds. */
  readonly idleTimeoutMs: number
  /** Maximum number of queued bytes for a player; above it, the player is dropped. */
  readonly maxViewerQueueBytes: number
}
