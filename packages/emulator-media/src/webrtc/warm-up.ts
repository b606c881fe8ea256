import { createOpusEncoder } from './opus-encoder'

/** Whoever starts an origin has gone on by then with what else it starts. */
const AFTER_MS = 250

/**
 * Loads the libraries of WebRTC soon, if nothing is on the air then: they hold the process up for some
 * frames, which every stream would feel when the first viewer loaded them. The timer is the system's, as
 * it has no part in what the origin does, and keeps no process alive. Gives what calls it off.
 */
export function warmUpWebRtc(isIdle: () => boolean): () => void {
  const timer = setTimeout(() => {
    // What goes wrong here goes wrong again for the first viewer, who is told.
    if (isIdle()) Promise.all([import('werift'), createOpusEncoder()]).catch(() => undefined)
  }, AFTER_MS)
  timer.unref()
  return () => clearTimeout(timer)
}
