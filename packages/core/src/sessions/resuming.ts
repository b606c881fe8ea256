import type { IvhErrorContext } from '../errors'
import type { DriverType } from '../protocol'
import { abandonedError, throwIfAbandoned } from './abandonment'
import { type ChannelOptions, resolveChannel } from './channel-options'
import { completeResume } from './complete-draft'
import { loadDriving } from './driving'
import type { OpeningContext } from './opening-context'
import { playbackOf } from './playback'
import { readinessOf } from './readiness'
import { type ReadinessOptions, resolveReadiness } from './readiness-options'
import type { IvhSession } from './session'
import { startSession } from './start-session'

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

/** @throws IvhConfigError for a length of time that cannot be. */
export function resolveResume(options: ResumeOptions) {
  const { userId = '', driverType, pluginState } = options
  const channel = resolveChannel(options.channel)
  return { userId, driverType, pluginState, channel, readiness: resolveReadiness(options) }
}
export type ResolvedResume = ReturnType<typeof resolveResume>

/** Takes hold of a session that somebody else created: looks → waits → starts. It closes nothing. */
export async function resumeSession(
  context: OpeningContext,
  sessionId: string,
  options: ResolvedResume,
  signal: AbortSignal,
): Promise<IvhSession> {
  const { userId, driverType, pluginState, channel } = options
  const { clock, observation } = context.options
  const startedAt = clock.now()
  let giveBack = () => {}
  try {
    const [driving] = await Promise.all([
      loadDriving(),
      context.userIds.free(userId, clock, signal),
    ])
    giveBack = await context.reclaim(sessionId, signal)
    throwIfAbandoned(signal, sessionId)
    const resumed = { sessionId, userId, pluginState }
    const contributions = await completeResume(resumed, context.options, signal)
    const address = await makeReady(context, sessionId, options, signal)
    throwIfAbandoned(signal, sessionId)
    const session = context.make({
      id: sessionId,
      userId,
      playback: () => ({ ...playbackOf(address), ...contributions.playback() }),
      channel,
      driving,
      driverType,
      contributions,
    })
    context.hold(session, channel)
    observation.sessions.opened(session, {
      openId: undefined,
      elapsedMs: clock.now() - startedAt,
    })
    return session
  } catch (error) {
    giveBack()
    throw signal.aborted ? abandonedError(signal, sessionId) : error
  }
}

/** Resolves with the play address when the session is ready and started. */
async function makeReady(
  { call, poller }: OpeningContext,
  sessionId: string,
  { readiness }: ResolvedResume,
  signal: AbortSignal,
): Promise<string | undefined> {
  let told: IvhErrorContext = {}
  const onAccepted = (context: IvhErrorContext) => {
    told = context
  }
  const answer = await call('statSession', { SessionId: sessionId }, { signal, onAccepted })
  const address = answer.PlayStreamAddr ?? undefined
  let state = readinessOf(sessionId, answer, told)
  if (!state.ready) {
    const afterwards = 'It has been left as it is.'
    const wait = { ...readiness, sessionId, signal, afterwards, onPoll: () => {} }
    state = await poller.wait(wait)
  }
  if (!state.started) await startSession(call, sessionId, signal)
  return state.address ?? address
}
