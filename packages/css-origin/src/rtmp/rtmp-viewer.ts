import type { Viewer } from '../stream/viewer'
import type { RtmpConnection } from './connection'
import { mediaMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

/**
 * Sends a stream to one player. A player that reads too slowly loses its connection.
 *
 * @param maxQueuedBytes Maximum number of bytes that wait for the player.
 */
export function createRtmpViewer(
  connection: RtmpConnection,
  streamId: number,
  maxQueuedBytes: number,
  onEnd: () => void,
): Viewer {
  return {
    begin: () => {
      // Send nothing: RTMP has no announcement, and the sequence headers follow.
    },
    send: (tag) => {
      if (connection.queuedBytes + tag.payload.length > maxQueuedBytes) {
        connection.destroy(new RtmpProtocolError('the player reads too slowly'))
      } else connection.send(mediaMessage(tag, streamId))
    },
    end: onEnd,
  }
}
