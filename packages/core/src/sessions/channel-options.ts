import { checkDuration, checkWholeNumber } from '@ivh-kit/kernel'

/** Messages of the service have a few hundred bytes, messages of a chat bot a few thousand. */
const defaultMaxMessageBytes = 4 * 1024 * 1024

/** Options of a session's command channel. */
export interface ChannelOptions {
  /**
   * `lazy` opens the channel with the first `say`, `sendAudio` or `connect()`. A session without them costs
   * no connection, and the service closes it after 10 idle minutes. `auto` opens the channel in the
   * background as soon as the session is open, so that heartbeats keep a silent session alive. Default
   * `lazy`.
   */
  readonly open?: 'lazy' | 'auto' | undefined
  /** Interval of the heartbeats. Default 45 000 ms; the vendor asks for 30 to 60 s (1240/100400). */
  readonly heartbeatMs?: number | undefined
  /** Time limit of the attempts to open the channel. After it the next use tries again. Default 60 000 ms. */
  readonly giveUpAfterMs?: number | undefined
  /** Timeout of one attempt. Default 10 000 ms. */
  readonly connectTimeoutMs?: number | undefined
  /**
   * Longest silence after a ping; each heartbeat sends one. After this silence, a connection that has
   * answered an earlier ping is lost and opened again. `false` sends no pings. Your own WebSocket
   * (`webSocket`) is pinged if it has `ping` and `pong` events. Default 15 000 ms.
   */
  readonly pongTimeoutMs?: number | false | undefined
  /**
   * A longer message of the service closes the connection (code 1009), which is then opened again. Your own
   * WebSocket (`webSocket`) has its own limit. Default 4 MiB.
   */
  readonly maxMessageBytes?: number | undefined
}

/** @throws IvhConfigError for a wrong duration or number of bytes. */
export function resolveChannel(options: ChannelOptions = {}) {
  const { pongTimeoutMs = 15_000, maxMessageBytes = defaultMaxMessageBytes } = options
  return {
    keepOpen: options.open === 'auto',
    heartbeatMs: checkDuration('channel.heartbeatMs', options.heartbeatMs ?? 45_000),
    giveUpAfterMs: checkDuration('channel.giveUpAfterMs', options.giveUpAfterMs ?? 60_000),
    connectTimeoutMs: checkDuration('channel.connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    pongTimeoutMs: pongTimeoutMs !== false && checkDuration('channel.pongTimeoutMs', pongTimeoutMs),
    maxMessageBytes: checkWholeNumber('channel.maxMessageBytes', maxMessageBytes, 125),
  }
}
export type ResolvedChannel = ReturnType<typeof resolveChannel>
