import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { Viewer } from '../stream/viewer'
import type { RtmpConnection } from './connection'
import { ChunkStream } from './message'

export interface PlayViewerOptions {
  readonly connection: RtmpConnection
  readonly streamId: number
  readonly maxQueueBytes: number
  /** Called when the player reads too slowly. */
  readonly onStalled: () => void
  readonly onEnd: () => void
}

/** A viewer over RTMP `play`: sends tags as messages, with a bounded queue. */
export class PlayViewer implements Viewer {
  readonly #options: PlayViewerOptions
  constructor(options: PlayViewerOptions) {
    this.#options = options
  }

  begin(): void {
    // Send nothing: RTMP has no announcement, and the sequence headers follow.
  }

  send({ payload, timestamp, type }: FlvTag): void {
    const { connection, maxQueueBytes, onStalled, streamId } = this.#options
    if (connection.queuedBytes + payload.length > maxQueueBytes) onStalled()
    else {
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
      const chunkStreamId = chunkStreams[type]
      connection.send({ chunkStreamId, streamId, type, timestamp: timestamp >>> 0, payload: bytes })
    }
  }

  end(): void {
    this.#options.onEnd()
  }
}

const chunkStreams = {
  [FlvTagType.audio]: ChunkStream.audio,
  [FlvTagType.video]: ChunkStream.video,
  [FlvTagType.script]: ChunkStream.data,
}
