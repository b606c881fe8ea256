import { checkDuration } from '@ivh-kit/kernel'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import type { Opening } from '../../plugins/opening'
import type { CreateResponse } from '../../protocol'
import { sessionStatus } from '../../protocol/plain'
import { resolveChannel } from '../session/channel-options'
import { playbackOf } from '../session/playback'
import type { Session } from '../session/session'
import { startSession } from '../session/session-calls'
import { resolveReadiness, waitUntilReady } from '../waiting/wait-until-ready'
import { type CompletedDraft, completeDraft } from './complete-draft'
import { createSession } from './create-session'
import { unknownFields } from './extra-request'
import { type OpenSessionOptions, toCreateDraft } from './open-options'
import type { OpeningContext } from './opening-context'
import { withOptionNames } from './option-names'
import { createProgressReporter, type ProgressReporter } from './progress-reporter'

/**
 * Opens a session: create, wait until ready, start, register. After a failure the session is closed before
 * the promise rejects, or in the background when the signal has fired.
 */
export async function openSession(
  context: OpeningContext,
  options: OpenSessionOptions,
  opening: Opening,
  signal: AbortSignal,
): Promise<Session> {
  const { call, registry } = context
  const { userId } = options
  const readiness = resolveReadiness(options)
  const channel = resolveChannel(options.channel)
  if (options.waitForQuota) checkDuration('waitForQuota.timeoutMs', options.waitForQuota.timeoutMs)
  throwIfAbandoned(signal)
  const report = createProgressReporter(options, context.options)
  report('creating')
  await registry.account.userIds.unblocked(userId, context.options.clock, signal)
  throwIfAbandoned(signal)
  const admission = { opening, report, readyTimeoutMs: readiness.timeoutMs }
  const { completed, created } = await admit(context, options, admission, signal)

  const { contributions } = completed
  const sessionId = created.SessionId
  let address = created.PlayStreamAddr ?? undefined
  const session = registry.create({
    id: sessionId,
    userId,
    playback: () => ({ ...playbackOf(address), ...contributions.playback() }),
    channel,
    driverType: completed.draft.DriverType,
    streamMaxIntervalMs: completed.draft.StreamMaxInterval,
    contributions,
  })
  try {
    if (created.SessionStatus !== sessionStatus.ready) {
      const onPoll = () => report('preparing', sessionId)
      onPoll()
      const wait = { ...readiness, sessionId, signal, onPoll, afterTimeout: 'It has been closed.' }
      address = (await waitUntilReady(context, wait)).address ?? address
    }
    report('starting', sessionId)
    await startSession(call, sessionId, signal)
    throwIfAbandoned(signal, sessionId)
  } catch (error) {
    await registry.cleanup.settled(registry.cleanup.close(session), signal)
    throw signal.aborted ? abandonedError(signal, sessionId) : error
  }
  registry.register(session, channel)
  report('ready', sessionId)
  return session
}

/** Creates the session, at once or when concurrency is free. */
async function admit(
  context: OpeningContext,
  options: OpenSessionOptions,
  admission: {
    readonly opening: Opening
    readonly report: ProgressReporter
    readonly readyTimeoutMs: number
  },
  signal: AbortSignal,
): Promise<{ readonly completed: CompletedDraft; readonly created: CreateResponse }> {
  const { opening, readyTimeoutMs } = admission
  // Let the plugins complete the request for each attempt: a signature may expire during the wait.
  const attempt = () =>
    opening.attempt(async (part) => {
      const completed = await completeDraft(toCreateDraft(options), context.options, part, signal)
      throwIfAbandoned(signal)
      const { draft } = completed
      const order = { draft, unchecked: unknownFields(options.request), readyTimeoutMs }
      return { completed, created: await createSession(context, order, signal) }
    })
  try {
    if (!options.waitForQuota) return await attempt()
    const { timeoutMs } = options.waitForQuota
    const onWait = () => admission.report('queued')
    return await context.quota.admit(attempt, { timeoutMs, signal, onWait })
  } catch (error) {
    const named = withOptionNames(error, options)
    const explained = await context.explainExhausted(named, signal)
    throw signal.aborted ? abandonedError(signal) : explained
  }
}
