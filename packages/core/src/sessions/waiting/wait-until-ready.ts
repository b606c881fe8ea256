import { checkDuration } from '@ivh-kit/kernel'
import type { ConcurrencyLimit } from '../../async/concurrency-limit'
import { pause } from '../../async/pause'
import type { Caller } from '../../calls/call'
import type { CallOptions } from '../../contracts/call-options'
import { type AnyIvhError, type IvhErrorContext, IvhTimeoutError } from '../../errors'
import { abandonedError, throwIfAbandoned } from '../../errors/abandonment'
import { mayPass, retryAfterOf } from '../../errors/failure-effect'
import type { ResolvedOptions } from '../../options/resolve-options'
import { type Readiness, readinessOf } from './readiness'

/** Timeout and poll interval of the wait for a session to become ready. */
export interface ReadinessOptions {
  /** Maximum wait, in milliseconds. Default 120 000, as the vendor states. */
  readonly readyTimeoutMs?: number | undefined
  /** Delay between two polls, in milliseconds. Default 1 000. */
  readonly pollIntervalMs?: number | undefined
}

export function resolveReadiness(options: ReadinessOptions) {
  return {
    timeoutMs: checkDuration('readyTimeoutMs', options.readyTimeoutMs ?? 120_000),
    pollIntervalMs: checkDuration('pollIntervalMs', options.pollIntervalMs ?? 1_000),
  }
}

interface ReadinessWait extends ReturnType<typeof resolveReadiness> {
  readonly sessionId: string
  readonly onPoll?: () => void
  /** Sentence about the session after a timeout, for the error message. */
  readonly afterTimeout: string
}

interface WaitContext {
  readonly call: Caller
  readonly options: ResolvedOptions
  readonly signal: AbortSignal
  /** Limits the polls of all waiting sessions. */
  readonly polls: ConcurrencyLimit
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
  { call, options, polls, signal }: WaitContext,
  wait: ReadinessWait,
): Promise<Readiness> {
  const { sessionId, pollIntervalMs } = wait
  const { steady: clock, random } = options
  const deadline = clock.now() + wait.timeoutMs
  let lastFailure: AnyIvhError | undefined
  // Poll early the first time: fast sessions are ready at once. The random part spreads the polls of sessions
  // that were created together.
  let pauseMs = (pollIntervalMs / 8) * (1 + random())
  for (;;) {
    await pause(clock, Math.max(0, Math.min(pauseMs, deadline - clock.now())), signal)
    throwIfAbandoned(signal, sessionId)
    try {
      const readiness = await polls(async () => {
        throwIfAbandoned(signal, sessionId)
        wait.onPoll?.()
        const leftMs = Math.max(lastPollMs, deadline - clock.now())
        const timeoutMs = Math.min(options.timeoutMs, leftMs)
        // Do not retry the call: the next poll is the retry.
        return readReadiness(call, sessionId, { signal, maxRetries: 0, timeoutMs })
      })
      if (readiness.ready) return readiness
      lastFailure = undefined
    } catch (error) {
      if (signal.aborted) throw abandonedError(signal, sessionId)
      if (!mayPass(error)) throw error
      lastFailure = error
    }
    if (clock.now() >= deadline) throw timedOut(wait, lastFailure)
    pauseMs = Math.max(pollIntervalMs, retryAfterOf(lastFailure))
  }
}

export async function readReadiness(
  call: Caller,
  sessionId: string,
  options: CallOptions,
): Promise<Readiness> {
  let facts: IvhErrorContext = {}
  const onAccepted = (context: IvhErrorContext) => {
    facts = context
  }
  const response = await call('statSession', { SessionId: sessionId }, { ...options, onAccepted })
  return readinessOf(sessionId, response, facts)
}

function timedOut(wait: ReadinessWait, cause: AnyIvhError | undefined): IvhTimeoutError {
  const { sessionId, timeoutMs, afterTimeout } = wait
  return new IvhTimeoutError(`The session was not ready after ${timeoutMs} ms`, timeoutMs, {
    sessionId,
    hint: `${afterTimeout} Preparing normally takes under 2 minutes; try again, or raise readyTimeoutMs.`,
    cause,
  })
}
