import type { Clock } from '@ivh-kit/kernel'
import type { ConcurrencyLimit } from '../../async/concurrency-limit'
import { pause } from '../../async/pause'
import type { Caller } from '../../calls/call'
import { type AnyIvhError, type IvhErrorContext, IvhTimeoutError } from '../../errors'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import { mayPass } from '../../errors/may-pass'
import { type ReadyState, readinessOf } from './readiness'

export interface ReadinessWait {
  readonly sessionId: string
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  readonly signal: AbortSignal
  /** Called before every poll. */
  readonly onPoll: () => void
  /** Sentence about the session after a timeout, for the error message. */
  readonly afterTimeout: string
}

export interface WaitContext {
  readonly call: Caller
  /** Limits the polls of all waiting sessions. */
  readonly polls: ConcurrencyLimit
  /** Monotonic clock. */
  readonly steady: Clock
  readonly random: () => number
  /** The client's timeout of one attempt, in milliseconds. */
  readonly timeoutMs: number
}

/** Minimum time for the last poll, in milliseconds, even after the deadline. */
const lastPollMs = 1_000

/**
 * Polls statsession until the session is ready. Temporary failures (no network, an internal error) do
 * not end the wait before its timeout.
 *
 * @throws IvhTimeoutError, IvhSessionError (creation failed, or closed meanwhile), IvhAbortError, and
 * IvhApiError for a permanent failure.
 */
export async function waitUntilReady(
  { call, polls, steady, random, timeoutMs }: WaitContext,
  wait: ReadinessWait,
): Promise<ReadyState> {
  const { sessionId, pollIntervalMs, signal } = wait
  const deadline = steady.now() + wait.timeoutMs
  let lastFailure: AnyIvhError | undefined
  // Poll early the first time: fast sessions are ready at once. The random part spreads the polls of sessions
  // that were created together.
  let pauseMs = (pollIntervalMs / 8) * (1 + random())
  for (;;) {
    await pause(steady, Math.max(0, Math.min(pauseMs, deadline - steady.now())), signal)
    throwIfAbandoned(signal, sessionId)
    try {
      const readiness = await polls.run(async () => {
        throwIfAbandoned(signal, sessionId)
        wait.onPoll()
        const leftMs = Math.max(lastPollMs, deadline - steady.now())
        return poll(call, sessionId, signal, Math.min(timeoutMs, leftMs))
      })
      if (readiness.ready) return readiness
      lastFailure = undefined
    } catch (error) {
      if (signal.aborted) throw abandonedError(signal, sessionId)
      if (!mayPass(error)) throw error
      lastFailure = error
    }
    if (steady.now() >= deadline) throw timedOut(wait, lastFailure)
    pauseMs = Math.max(pollIntervalMs, retryAfterOf(lastFailure))
  }
}

async function poll(call: Caller, sessionId: string, signal: AbortSignal, timeoutMs: number) {
  let facts: IvhErrorContext = {}
  const onAccepted = (context: IvhErrorContext) => {
    facts = context
  }
  // Do not retry the call: the next poll is the retry.
  const options = { signal, maxRetries: 0, timeoutMs, onAccepted }
  const response = await call('statSession', { SessionId: sessionId }, options)
  return readinessOf(sessionId, response, facts)
}

function retryAfterOf(failure: AnyIvhError | undefined): number {
  return (failure && 'retryAfterMs' in failure && failure.retryAfterMs) || 0
}

function timedOut(wait: ReadinessWait, cause: AnyIvhError | undefined): IvhTimeoutError {
  const { sessionId, timeoutMs, afterTimeout } = wait
  return new IvhTimeoutError(`The session was not ready after ${timeoutMs} ms`, timeoutMs, {
    sessionId,
    hint: `${afterTimeout} Preparing normally takes under 2 minutes; try again, or raise readyTimeoutMs.`,
    cause,
  })
}
