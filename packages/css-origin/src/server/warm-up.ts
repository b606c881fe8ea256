import { createOpusEncoder } from '../stream/opus-encoder'

/** Delay after the start, in milliseconds, so that the program can start its other parts first. */
const afterMs = 250

/**
 * Loads the WebRTC libraries soon after the start, while no stream is live: loading them blocks the process
 * for some frames, which every stream would show. Uses a timer of the system that does not keep the process
 * alive. The returned function cancels it.
 */
export function warmUpWebRtc(isIdle: () => boolean): () => void {
  const timer = setTimeout(() => {
    // Ignore a failure: it occurs again for the first viewer, who gets the reason.
    if (isIdle()) Promise.all([import('werift'), createOpusEncoder()]).catch(() => undefined)
  }, afterMs)
  timer.unref()
  return () => clearTimeout(timer)
}
