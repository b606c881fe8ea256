import { checkSignal } from '@ivh-kit/kernel'
import type { DriverType } from '../protocol'
import { type ChannelOptions, resolveChannel } from './channel-options'
import { type ReadinessOptions, resolveReadiness } from './waiting/readiness-options'

/** How a running session is taken hold of. */
export interface ResumeOptions extends ReadinessOptions {
  /**
   * The UserId it was opened with. When given, no other session is opened with it meanwhile, which would
   * close this one. Default empty.
   */
  readonly userId?: string | undefined
  /** What it was opened with; lets `sendAudio` refuse early. */
  readonly driverType?: DriverType | undefined
  /** How the command channel is kept. It counts only when nobody here holds or resumes the session yet. */
  readonly channel?: ChannelOptions | undefined
  /** The `session.pluginState` that was stored when it was open before. Default: plugins know nothing of it. */
  readonly pluginState?: Readonly<Record<string, string>> | undefined
  /** Gives up; the session is left as it is. */
  readonly signal?: AbortSignal | undefined
}

/** @throws IvhConfigError for a length of time, or a signal, that cannot be. */
export function resolveResume(options: ResumeOptions) {
  const { userId = '', driverType, pluginState } = options
  checkSignal(options.signal)
  const channel = resolveChannel(options.channel)
  return { userId, driverType, pluginState, channel, readiness: resolveReadiness(options) }
}
export type ResolvedResume = ReturnType<typeof resolveResume>
