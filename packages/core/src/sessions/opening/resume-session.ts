import type { IvhErrorContext } from '../../errors'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import { playbackOf } from '../session/playback'
import type { Session } from '../session/session'
import { startSession } from '../session/start-session'
import { readinessOf } from '../waiting/readiness'
import { waitUntilReady } from '../waiting/wait-until-ready'
import { completeResume } from './complete-draft'
import type { OpeningContext } from './opening-context'
import type { ResolvedResume } from './resume-options'

/** Resumes a session that was created elsewhere: check, wait until ready, start. It closes nothing. */
export async function resumeSession(
  context: OpeningContext,
  sessionId: string,
  options: ResolvedResume,
  signal: AbortSignal,
): Promise<Session> {
  const { registry } = context
  const { userId, driverType, pluginState, channel } = options
  const { observation, steady: clock } = context.options
  const startedAt = clock.now()
  let resumeCloses = () => {}
  try {
    await registry.account.userIds.unblocked(userId, clock, signal)
    resumeCloses = await registry.reclaim(sessionId, signal)
    throwIfAbandoned(signal, sessionId)
    const resumed = { sessionId, userId, pluginState }
    const contributions = await completeResume(resumed, context.options, signal)
    const address = await makeReady(context, sessionId, options, signal)
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

/** Resolves with the play address when the session is ready and started. */
async function makeReady(
  context: OpeningContext,
  sessionId: string,
  { readiness }: ResolvedResume,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { call } = context
  let facts: IvhErrorContext = {}
  const onAccepted = (accepted: IvhErrorContext) => {
    facts = accepted
  }
  const response = await call('statSession', { SessionId: sessionId }, { signal, onAccepted })
  const address = response.PlayStreamAddr ?? undefined
  let state = readinessOf(sessionId, response, facts)
  if (!state.ready) {
    const afterTimeout = 'It has been left open.'
    const wait = { ...readiness, sessionId, signal, afterTimeout, onPoll: () => {} }
    state = await waitUntilReady({ ...context.options, ...context }, wait)
  }
  if (!state.started) await startSession(call, sessionId, signal)
  return state.address ?? address
}
