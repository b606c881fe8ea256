import { checkDuration } from '@ivh-kit/kernel'
import type { Opening } from '../plugins/opening'
import type { CreateResponse } from '../protocol'
import { sessionStatus } from '../protocol/plain'
import { abandonedError, throwIfAbandoned } from './abandonment'
import { resolveChannel } from './channel-options'
import { type CompletedDraft, completeDraft } from './complete-draft'
import { create } from './creation'
import { unknownFields } from './extra-request'
import { type OpenSessionOptions, toCreateDraft } from './open-options'
import type { OpeningContext } from './opening-context'
import { playbackOf } from './playback'
import { createProgressReporter, type ProgressReporter } from './progress-reporter'
import type { IvhSession } from './session'
import { startSession } from './start-session'
import { resolveReadiness } from './waiting/readiness-options'
import { waitUntilReady } from './waiting/wait-until-ready'

/**
 * One opening: create → wait → start, then the session is held. Whatever goes wrong, a session that came
 * into being is closed: before this rejects, or behind when the signal has fired.
 */
export async function openSession(
  context: OpeningContext,
  options: OpenSessionOptions,
  opening: Opening,
  signal: AbortSignal,
): Promise<IvhSession> {
  const { call, discards } = context
  const { userId } = options
  const readiness = resolveReadiness(options)
  const channel = resolveChannel(options.channel)
  if (options.waitForQuota) checkDuration('waitForQuota.timeoutMs', options.waitForQuota.timeoutMs)
  throwIfAbandoned(signal)
  const report = createProgressReporter(options, context.options)
  report('creating')
  await context.userIds.free(userId, context.options.clock, signal)
  throwIfAbandoned(signal)
  const readyTimeoutMs = readiness.timeoutMs
  const told = { opening, report, readyTimeoutMs }
  const { completed, created } = await admit(context, options, told, signal)

  const { contributions } = completed
  const sessionId = created.SessionId
  let address = created.PlayStreamAddr ?? undefined
  const session = context.make({
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
      address = (await waitUntilReady({ ...context.options, ...context }, wait)).address ?? address
    }
    report('starting', sessionId)
    await startSession(call, sessionId, signal)
    throwIfAbandoned(signal, sessionId)
  } catch (error) {
    await discards.settled(discards.close(session), signal)
    throw signal.aborted ? abandonedError(signal, sessionId) : error
  }
  context.hold(session, channel)
  report('ready', sessionId)
  return session
}

/** Creates the session, at once or when concurrency is free for it. */
async function admit(
  context: OpeningContext,
  options: OpenSessionOptions,
  told: {
    readonly opening: Opening
    readonly report: ProgressReporter
    readonly readyTimeoutMs: number
  },
  signal: AbortSignal,
): Promise<{ readonly completed: CompletedDraft; readonly created: CreateResponse }> {
  const { opening, readyTimeoutMs } = told
  // Plugins complete the request for each try: what they sign may expire while it waits.
  const attempt = () =>
    opening.attempt(async (part) => {
      const completed = await completeDraft(toCreateDraft(options), context.options, part, signal)
      throwIfAbandoned(signal)
      const order = {
        draft: completed.draft,
        unchecked: unknownFields(options.request),
        readyTimeoutMs,
      }
      return { completed, created: await create(context, order, signal) }
    })
  try {
    if (!options.waitForQuota) return await attempt()
    const { timeoutMs } = options.waitForQuota
    return await context.quota.admit(attempt, {
      timeoutMs,
      signal,
      onWait: () => told.report('queued'),
    })
  } catch (error) {
    const explained = await context.slotHolders.explain(error, signal)
    throw signal.aborted ? abandonedError(signal) : explained
  }
}
