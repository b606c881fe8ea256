import { checkDuration, checkWholeNumber, namesCheck } from '@ivh-kit/kernel'

/**
 * Default maximum size of a message, in bytes. Messages of the service have a few hundred bytes, those of a
 * chat bot a few thousand.
 */
const defaultMaxMessageBytes = 4 * 1024 * 1024
/** Minimum of `maxMessageBytes`: the maximum size of a WebSocket control frame, in bytes. */
const leastMaxMessageBytes = 125

/** Options of a session's command channel. */
export interface ChannelOptions {
  /**
   * `lazy` opens the channel with the first `say`, `sendAudio` or `connect()`. A session that is never
   * driven costs no connection, and the service closes it after 10 idle minutes. `auto` opens it in the
   * background as soon as the session is open, so that heartbeats keep a silent session alive. Default
   * `lazy`.
   */
  readonly open?: 'lazy' | 'auto' | undefined
  /** Interval of heartbeats. Default 45 000 ms; the vendor asks for 30 to 60 s (1240/100400). */
  readonly heartbeatMs?: number | undefined
  /** Maximum time for reconnecting. Then the channel gives up until the next use. Default 60 000 ms. */
  readonly giveUpAfterMs?: number | undefined
  /** Timeout of one connection attempt. Default 10 000 ms. */
  readonly connectTimeoutMs?: number | undefined
  /**
   * Maximum silence after a ping, which is sent with each heartbeat. After a connection has answered one
   * ping, it counts as lost when nothing arrives within this time after a later ping. `false` sends no pings.
   * A custom `webSocket` is pinged when it has `ping` and emits `pong`. Default 15 000 ms.
   */
  readonly pongTimeoutMs?: number | false | undefined
  /**
   * Maximum size of a message of the service. A longer message closes the connection (code 1009), which is
   * then opened again. A custom `webSocket` has its own limit. Default 4 MiB.
   */
  readonly maxMessageBytes?: number | undefined
}

export const checkChannelNames = namesCheck<ChannelOptions>('channel', {
  open: true,
  heartbeatMs: true,
  giveUpAfterMs: true,
  connectTimeoutMs: true,
  pongTimeoutMs: true,
  maxMessageBytes: true,
})

export function resolveChannel(options: ChannelOptions = {}) {
  const { pongTimeoutMs = 15_000, maxMessageBytes = defaultMaxMessageBytes } = options
  return {
    keepOpen: options.open === 'auto',
    heartbeatMs: checkDuration('channel.heartbeatMs', options.heartbeatMs ?? 45_000),
    giveUpAfterMs: checkDuration('channel.giveUpAfterMs', options.giveUpAfterMs ?? 60_000),
    connectTimeoutMs: checkDuration('channel.connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    pongTimeoutMs:
      pongTimeoutMs === false ? false : checkDuration('channel.pongTimeoutMs', pongTimeoutMs),
    maxMessageBytes: checkWholeNumber(
      'channel.maxMessageBytes',
      maxMessageBytes,
      leastMaxMessageBytes,
    ),
  } as const
}
export type ResolvedChannel = ReturnType<typeof resolveChannel>
