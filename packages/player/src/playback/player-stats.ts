import { bufferAhead } from '../session/live-edge'
import type { LiveSession } from '../session/live-session'

/** Figures about the current connection. */
export interface PlayerStats {
  framesDecoded: number
  framesDropped: number
  /** Milliseconds from the start of the connection to its first frame; `null` before it. */
  timeToFirstFrame: number | null
  /** Seconds of media after the playhead. */
  bufferAhead: number
  bytesReceived: number
  /** Successful reconnects since the source was set. */
  reconnects: number
}

/** Reads the figures of a session and its video element. */
export function readStats(session: LiveSession, video: HTMLVideoElement): PlayerStats {
  const quality = video.getVideoPlaybackQuality?.()
  return {
    framesDecoded: quality?.totalVideoFrames ?? 0,
    framesDropped: quality?.droppedVideoFrames ?? 0,
    timeToFirstFrame: session.timeToFirstFrame,
    bufferAhead: bufferAhead(video),
    bytesReceived: session.bytesReceived,
    reconnects: session.reconnects,
  }
}
