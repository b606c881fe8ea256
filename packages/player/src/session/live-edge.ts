import type { BufferedRange } from './stall-watchdog'

type BufferedVideo = Pick<HTMLVideoElement, 'currentTime' | 'buffered'>

/** The buffered ranges of a video element, in order. */
export function bufferedRanges({ buffered }: Pick<BufferedVideo, 'buffered'>): BufferedRange[] {
  return Array.from({ length: buffered.length }, (_, index) => ({
    start: buffered.start(index),
    end: buffered.end(index),
  }))
}

/** Seconds of media after the playhead. */
export function bufferAhead(video: BufferedVideo): number {
  const last = bufferedRanges(video).at(-1)
  return last ? Math.max(0, last.end - video.currentTime) : 0
}

/** Jumps to `latency` seconds before the live edge. */
export function jumpToEdge(video: BufferedVideo, latency: number): void {
  const last = bufferedRanges(video).at(-1)
  if (last) video.currentTime = Math.max(last.start, last.end - latency)
}

/**
 * Pictures shown since the element received its source; `null` for a stream without pictures, or
 * when the browser does not count them. Pictures that were decoded too late are not shown.
 */
export function shownPictures(
  video: Pick<HTMLVideoElement, 'videoWidth' | 'getVideoPlaybackQuality'>,
): number | null {
  const quality = video.videoWidth > 0 && video.getVideoPlaybackQuality?.()
  return quality ? quality.totalVideoFrames - quality.droppedVideoFrames : null
}

/** Jumps to `latency` seconds before the live edge if the playhead is over a second later than that. */
export function catchUp(video: BufferedVideo, latency: number): void {
  if (bufferAhead(video) > latency + 1) jumpToEdge(video, latency)
}

/** Delay beyond the target latency that still counts as live, in seconds. */
const liveEdgeTolerance = 2

/** Returns the position from which on the picture counts as live, in seconds. */
export function liveEdgeStart(video: HTMLVideoElement, latency: number): number {
  const last = bufferedRanges(video).at(-1)
  return last ? Math.max(last.start, last.end - latency - liveEdgeTolerance) : 0
}
