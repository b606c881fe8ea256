import type Mpegts from 'mpegts.js'

/** Seconds that the picture may drift behind the target before it is played a little faster. */
const LATENCY_TOLERANCE = 1

/**
 * mpegts.js settings for a talking human two to three seconds behind life.
 *
 * No worker: it would be started from a `blob:` script, which a strict Content-Security-Policy
 * forbids, and one portrait stream is little work. Latency is caught up by playing 10 % faster,
 * never by seeking at the same time: the two together freeze the picture.
 */
export function flvSettings(
  latency: number,
  customLoader: Mpegts.CustomLoaderConstructor,
): Mpegts.Config {
  return {
    customLoader,
    enableWorker: false,
    enableStashBuffer: false,
    lazyLoad: false,
    // A tab opened in the background opens its MediaSource only when it is looked at.
    deferLoadAfterSourceOpen: true,
    liveSync: true,
    liveSyncTargetLatency: latency,
    liveSyncMaxLatency: latency + LATENCY_TOLERANCE,
    liveSyncPlaybackRate: 1.1,
    liveBufferLatencyChasing: false,
    autoCleanupSourceBuffer: true,
    autoCleanupMaxBackwardDuration: 30,
    autoCleanupMinBackwardDuration: 15,
  }
}
