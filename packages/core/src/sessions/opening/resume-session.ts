import { checkSignal, namesCheck } from '@ivh-kit/kernel'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import type { DriverType } from '../../protocol'
import { type ChannelOptions, checkChannelNames, resolveChannel } from '../session/channel-options'
import { playbackOf } from '../session/playback'
import type { Session } from '../session/session'
import { startSession } from '../session/session-calls'
import {
  type ReadinessOptions,
  readReadiness,
  resolveReadiness,
  waitUntilReady,
} from '../waiting/wait-until-ready'
import { completeResume } from './complete-draft'
import type { OpeningContext } from './opening-context'

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

const checkResumeNames = namesCheck<ResumeOptions>('sessions.resume', {
  userId: true,
  driverType: true,
  channel: true,
  pluginState: true,
  signal: true,
  readyTimeoutMs: true,
  pollIntervalMs: true,
})

export function resolveResume(options: ResumeOptions) {
  checkResumeNames(options)
  checkChannelNames(options.channel)
  const { userId = '', driverType, pluginState } = options
  checkSignal(options.signal)
  const channel = resolveChannel(options.channel)
  return { userId, driverType, pluginState, channel, readiness: resolveReadiness(options) }
}
type ResolvedResume = ReturnType<typeof resolveResume>

/** Resumes a session that was created elsewhere: check, wait until ready, start. It closes nothing. */
export async function resumeSession(
  context: OpeningContext,
  sessionId: string,
  options: ResolvedResume,
): Promise<Session> {
  const { registry, signal } = context
  const { userId, driverType, pluginState, channel } = options
  const { observation, steady: clock } = context.options
  const startedAt = clock.now()
  let resumeCloses = () => {}
  try {
    await registry.account.userIds.unblocked(userId, clock, signal)
    resumeCloses = await registry.reclaim(sessionId, signal)
    throwIfAbandoned(signal, sessionId)
    const contributions = await completeResume(context, { sessionId, userId }, pluginState)
    const address = await makeReady(context, sessionId, options)
    throwIfAbandoned(signal, sessionId)
    const session = registry.create({
      id: sessionId,
      userId,
      playback: () => ({ ...playbackOf(address), ...contributions.playback() }),
      channel,
      driverType,
      contributions,
    })
    registry.register(session, channel)
    const elapsedMs = clock.now() - startedAt
    observation.sessions.opened(session, { openId: undefined, elapsedMs })
    return session
  } catch (error) {
    resumeCloses()
    throw signal.aborted ? abandonedError(signal, sessionId) : error
  }
}

async function makeReady(
  context: OpeningContext,
  sessionId: string,
  { readiness }: ResolvedResume,
): Promise<string | undefined> {
  const { call, signal } = context
  const first = await readReadiness(call, sessionId, { signal })
  const wait = { ...readiness, sessionId, afterTimeout: 'It has been left open.' }
  const state = first.ready ? first : await waitUntilReady(context, wait)
  if (!state.started) await startSession(call, sessionId, signal)
  return state.address ?? first.address
}
