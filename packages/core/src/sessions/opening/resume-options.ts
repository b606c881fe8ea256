import { checkSignal } from '@ivh-kit/kernel'
import type { DriverType } from '../../protocol'
import { type ChannelOptions, resolveChannel } from '../session/channel-options'
import { type ReadinessOptions, resolveReadiness } from '../waiting/readiness-options'

/** Options of `sessions.resume`. */
export interface ResumeOptions extends ReadinessOptions {
  /**
   * The UserId that the session was opened with. During the resume, the client then refuses another open with
   * this UserId, because that open would close this session. Default empty.
   */
  readonly userId?: string | undefined
  /**
   * The driver type that the session was opened with. With a known driver type, `sendAudio` can refuse early.
   */
  readonly driverType?: DriverType | undefined
  /** Options of the command channel. Ignored when this client has the session already. */
  readonly channel?: ChannelOptions | undefined
  /** The stored `session.pluginState`. Default: plugins know nothing about the session. */
  readonly pluginState?: Readonly<Record<string, string>> | undefined
  /** Aborts the resume. The session is left as it is. */
  readonly signal?: AbortSignal | undefined
}

/** @throws IvhConfigError for an invalid option. */
export function resolveResume(options: ResumeOptions) {
  const { userId = '', driverType, pluginState } = options
  checkSignal(options.signal)
  const channel = resolveChannel(options.channel)
  return { userId, driverType, pluginState, channel, readiness: resolveReadiness(options) }
}
export type ResolvedResume = ReturnType<typeof resolveResume>
