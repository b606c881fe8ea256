import type Mpegts from 'mpegts.js'
import { latencyTolerance } from '../../constants'

/**
 * mpegts.js settings for a talking human, two to three seconds behind the live edge.
 *
 * There is no worker: mpegts.js would start it from a `blob:` script, which a strict
 * Content-Security-Policy forbids. Catch-up plays 10 % faster and never seeks at the same time:
 * both together freeze the picture.
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
    // Wait for the MediaSource: a background tab opens it only when the visitor looks at the tab.
    deferLoadAfterSourceOpen: true,
    liveSync: true,
    liveSyncTargetLatency: latency,
    liveSyncMaxLatency: latency + latencyTolerance,
    liveSyncPlaybackRate: 1.1,
    liveBufferLatencyChasing: false,
    autoCleanupSourceBuffer: true,
    autoCleanupMaxBackwardDuration: 30,
    autoCleanupMinBackwardDuration: 15,
  }
}
