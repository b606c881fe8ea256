import { checkDuration } from '@ivh-kit/kernel'
import { IvhConfigError } from '../errors'

/** Messages of the service have a few hundred bytes, those of a chat bot a few thousand. */
const defaultMaxMessageBytes = 4 * 1024 * 1024

/** How a session keeps its command channel. */
export interface ChannelOptions {
  /**
   * `lazy`: opened with the first `say`, `sendAudio` or `connect()`; a session that is never driven costs
   * no connection, and the service closes it after 10 idle minutes. `auto`: opened in the background as
   * soon as the session is, so that heartbeats keep even a silent session alive. Default `lazy`.
   */
  readonly open?: 'lazy' | 'auto' | undefined
  /** Pause between heartbeats. Default 45 000 ms; the vendor asks for 30 to 60 s (1240/100400). */
  readonly heartbeatMs?: number | undefined
  /** How long a lost channel is tried again before it is given up until its next use. Default 60 000 ms. */
  readonly giveUpAfterMs?: number | undefined
  /** How long one try may take. Default 10 000 ms. */
  readonly connectTimeoutMs?: number | undefined
  /**
   * With each heartbeat goes a ping. Once a connection has answered one, it is taken for lost when nothing
   * at all comes for so long after another, and opened again. `false` sends no pings. A WebSocket of your
   * own (`webSocket`) is pinged when it has `ping` and tells `pong`. Default 15 000 ms.
   */
  readonly pongTimeoutMs?: number | false | undefined
  /**
   * A longer message of the service closes the connection (code 1009); it is opened again. A WebSocket
   * of your own (`webSocket`) keeps its own limit. Default 4 MiB.
   */
  readonly maxMessageBytes?: number | undefined
}

/** @throws IvhConfigError for a length of time, or a number of bytes, that cannot be. */
export function resolveChannel(options: ChannelOptions = {}) {
  return {
    keepOpen: options.open === 'auto',
    heartbeatMs: checkDuration('channel.heartbeatMs', options.heartbeatMs ?? 45_000),
    giveUpAfterMs: checkDuration('channel.giveUpAfterMs', options.giveUpAfterMs ?? 60_000),
    connectTimeoutMs: checkDuration('channel.connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    pongTimeoutMs: checkPongTimeout(options.pongTimeoutMs ?? 15_000),
    maxMessageBytes: checkBytes(options.maxMessageBytes ?? defaultMaxMessageBytes),
  }
}
export type ResolvedChannel = ReturnType<typeof resolveChannel>

function checkPongTimeout(value: number | false): number | false {
  return value === false ? false : checkDuration('channel.pongTimeoutMs', value)
}

function checkBytes(value: number): number {
  if (Number.isSafeInteger(value) && value >= 125) return value
  throw new IvhConfigError(`channel.maxMessageBytes is ${value}`, {
    hint: 'Give a whole number of bytes from 125 up, or leave it out.',
  })
}
