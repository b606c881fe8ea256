import type { IvhErrorContext } from '../errors'
import { abandonedError, throwIfAbandoned } from './abandonment'
import { completeResume } from './complete-draft'
import type { OpeningContext } from './opening-context'
import { playbackOf } from './playback'
import type { ResolvedResume } from './resume-options'
import type { IvhSession } from './session'
import { startSession } from './start-session'
import { readinessOf } from './waiting/readiness'
import { waitUntilReady } from './waiting/wait-until-ready'

/** Takes hold of a session that somebody else created: looks → waits → starts. It closes nothing. */
export async function resumeSession(
  context: OpeningContext,
  sessionId: string,
  options: ResolvedResume,
  signal: AbortSignal,
): Promise<IvhSession> {
  const { userId, driverType, pluginState, channel } = options
  const { observation, steady: clock } = context.options
  const startedAt = clock.now()
  let giveBack = () => {}
  try {
    await context.userIds.free(userId, clock, signal)
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
  context: OpeningContext,
  sessionId: string,
  { readiness }: ResolvedResume,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { call } = context
  let told: IvhErrorContext = {}
  const onAccepted = (facts: IvhErrorContext) => {
    told = facts
  }
  const answer = await call('statSession', { SessionId: sessionId }, { signal, onAccepted })
  const address = answer.PlayStreamAddr ?? undefined
  let state = readinessOf(sessionId, answer, told)
  if (!state.ready) {
    const afterTimeout = 'It has been left as it is.'
    const wait = { ...readiness, sessionId, signal, afterTimeout, onPoll: () => {} }
    state = await waitUntilReady({ ...context.options, ...context }, wait)
  }
  if (!state.started) await startSession(call, sessionId, signal)
  return state.address ?? address
}
