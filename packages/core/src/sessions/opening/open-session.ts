import { checkDuration } from '@ivh-kit/kernel'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import type { Opening } from '../../plugins/opening'
import { sessionStatus } from '../../protocol/plain'
import { resolveChannel } from '../session/channel-options'
import { playbackOf } from '../session/playback'
import type { Session } from '../session/session'
import { startSession } from '../session/session-calls'
import { resolveReadiness, waitUntilReady } from '../waiting/wait-until-ready'
import { completeDraft } from './complete-draft'
import { createSession } from './create-session'
import { unknownFields } from './extra-request'
import { type OpenPhase, type OpenSessionOptions, toCreateDraft } from './open-options'
import type { OpeningContext } from './opening-context'
import { withOptionNames } from './option-names'

type ProgressReporter = (phase: OpenPhase, sessionId?: string) => void

/**
 * Opens a session: create, wait until ready, start, register. After a failure the session is closed before
 * the promise rejects, or in the background when the signal has fired.
 */
export async function openSession(
  context: OpeningContext,
  options: OpenSessionOptions,
  opening: Opening,
): Promise<Session> {
  const { call, registry, signal } = context
  const { userId } = options
  const readiness = resolveReadiness(options)
  const channel = resolveChannel(options.channel)
  if (options.waitForQuota) checkDuration('waitForQuota.timeoutMs', options.waitForQuota.timeoutMs)
  throwIfAbandoned(signal)
  const report = createProgressReporter(context, options)
  report('creating')
  await registry.account.userIds.unblocked(userId, context.options.clock, signal)
  throwIfAbandoned(signal)

  // Let the plugins complete the request for each attempt: a signature may expire during the wait.
  let createdAt = 0
  const attempt = () =>
    opening.attempt(async (part) => {
      const completed = await completeDraft(context, toCreateDraft(options), part)
      throwIfAbandoned(signal)
      const unchecked = unknownFields(options.request)
      createdAt = context.options.steady.now()
      const order = { draft: completed.draft, unchecked, readyTimeoutMs: readiness.timeoutMs }
      return { ...completed, created: await createSession(context, order) }
    })
  const { contributions, created, draft } = await admit(context, options, attempt, report)

  const sessionId = created.SessionId
  let address = created.PlayStreamAddr ?? undefined
  const session = registry.create({
    id: sessionId,
    userId,
    playback: () => ({ ...playbackOf(address), ...contributions.playback() }),
    channel,
    driverType: draft.DriverType,
    streamMaxIntervalMs: draft.StreamMaxInterval,
    contributions,
    createdAt,
  })
  try {
    if (created.SessionStatus !== sessionStatus.ready) {
      const onPoll = () => report('preparing', sessionId)
      onPoll()
      const wait = { ...readiness, sessionId, onPoll, afterTimeout: 'It has been closed.' }
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

/** Runs the attempt to create the session, at once or when concurrency is free. */
async function admit<Result>(
  { explainExhausted, quota, signal }: OpeningContext,
  options: OpenSessionOptions,
  attempt: () => Promise<Result>,
  report: ProgressReporter,
): Promise<Result> {
  try {
    if (!options.waitForQuota) return await attempt()
    const { timeoutMs } = options.waitForQuota
    return await quota.admit(attempt, { timeoutMs, signal, onWait: () => report('queued') })
  } catch (error) {
    const explained = await explainExhausted(withOptionNames(error, options), signal)
    throw signal.aborted ? abandonedError(signal) : explained
  }
}

/** Creates the function that calls `onProgress`. Errors of `onProgress` are logged. */
function createProgressReporter(
  { options: { logger, steady: clock } }: OpeningContext,
  { onProgress }: OpenSessionOptions,
): ProgressReporter {
  if (!onProgress) return () => {}
  const startedAt = clock.now()
  const logFailure = (error: unknown) => logger.error(`onProgress failed: ${String(error)}`)
  return (phase, sessionId) => {
    try {
      const elapsedMs = Math.round(clock.now() - startedAt)
      const returned: unknown = onProgress({ phase, sessionId, elapsedMs })
      // Handle a promise: the type accepts an async function, and a rejection must not end the process.
      if (returned instanceof Promise) returned.catch(logFailure)
    } catch (error) {
      logFailure(error)
    }
  }
}
