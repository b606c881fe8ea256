import type { TelemetryMeter } from './opentelemetry'

/** Creates the metrics; docs/plugins.md documents their names. Durations are in seconds. */
export function createMetrics(meter: TelemetryMeter) {
  return {
    requestDuration: meter.createHistogram('ivh.request.duration', {
      description: 'Duration of a call, its attempts and the waits between them included',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
    }),
    requestRetries: meter.createCounter('ivh.request.retries', {
      description: 'Attempts that failed and were followed by another',
      unit: '{retry}',
    }),
    activeSessions: meter.createUpDownCounter('ivh.session.active', {
      description: 'Sessions that are open, and paid for',
      unit: '{session}',
    }),
    timeToReady: meter.createHistogram('ivh.session.time_to_ready', {
      description: 'From the call of sessions.open until the session is in hand',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.5, 1, 2, 5, 10, 20, 30, 60, 90, 120, 180] },
    }),
    speechLatency: meter.createHistogram('ivh.speech.latency', {
      description: 'From the call of say or sendAudio until the first sound',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30] },
    }),
    channelReconnects: meter.createCounter('ivh.channel.reconnects', {
      description: 'Command channels that were lost and opened again',
      unit: '{reconnect}',
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>

export function seconds(milliseconds: number): number {
  return milliseconds / 1_000
}
