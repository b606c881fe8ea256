import {
  type AnyIvhError,
  IvhAbortError,
  type IvhError,
  type IvhErrorContext,
  isIvhError,
} from '../errors'
import { isRefusal } from '../errors/may-have-taken-effect'
import { pause } from '../sessions/pause'
import { createQuerySignerAt } from '../signing/sign-query'
import { httpDate } from '../transport/http-date'
import type { Sender } from '../transport/sender'
import { headerOf, type TransportResponse } from '../transport/transport'
import { tellAnswer } from './call-answer'
import { type AttemptOptions, type CallLimits, resolveLimits } from './call-options'
import { createDeadlines } from './deadlines'
import { type Described, exchange } from './exchange'
import type { ResolvedOptions } from './options'
import { createRetryBudget } from './retry-budget'
import { retryDelay } from './retry-policy'

/** A call that is ready to be signed and sent, as often as it takes. */
export interface PreparedCall<Result> {
  readonly path: string
  readonly reqId: string
  readonly sessionId: string | undefined
  /** Written before anything is waited for: what the caller changes afterwards changes nothing. */
  readonly body: string
  /** Whether a second arrival does no harm. */
  readonly repeatable: boolean
  readonly options: AttemptOptions
  /** Makes the result of an answer, or throws an IvhError. */
  readonly read: (answer: TransportResponse, call: Described) => Result
  /** Told each time the call is about to wait and be sent again. */
  readonly onRepeat?: (failure: AnyIvhError, attempt: number, delayMs: number) => void
}

/** Throws IvhConfigError when the options of the call hold a limit that cannot be. */
export type Attempts = <Result>(call: PreparedCall<Result>) => Promise<Result>

/**
 * Sends a call, and repeats it as {@link retryDelay} and the client's budget allow. Beyond that, a call
 * that was refused because the local clock is wrong is signed with the server's time and sent once more.
 */
export function createAttempts(client: ResolvedOptions, sender: Sender): Attempts {
  const { clock, headers, logger, serverTime, origin, random } = client
  const signedPath = createPathSigner(client)
  const budget = createRetryBudget()
  const means = { sender, deadlines: createDeadlines(clock) }

  /** Sends the call once, and again when that fails and may be repeated. */
  const send = <Result>(
    call: PreparedCall<Result>,
    state: Progress,
    now: number,
  ): Promise<Result> => {
    state.attempt += 1
    state.answer = undefined
    state.signedAt = serverTime.at(now)
    const path = signedPath(call.path, state.signedAt)
    const timeoutMs = Math.max(1, Math.min(state.endsAt - now, state.timeoutMs))
    const { signal } = call.options
    // Without `await`: what an async function keeps costs as much as the rest of this.
    return exchange(
      means,
      { origin, path, method: 'POST', headers, body: call.body },
      { startedAt: now, signal, timeoutMs },
      state,
    ).then(
      (answer) => {
        state.answer = answer
        let result: Result
        try {
          result = call.read(answer, state)
        } catch (failure) {
          return sendAgain(failure, call, state)
        }
        budget.refill()
        const { onAnswer } = call.options
        if (onAnswer) tellAnswer(onAnswer, answer, state.attempt, logger)
        return result
      },
      (failure: unknown) => sendAgain(failure, call, state),
    )
  }

  const sendAgain = async <Result>(
    failure: unknown,
    call: PreparedCall<Result>,
    state: Progress,
  ): Promise<Result> => {
    await mayRepeat(failure, call, state)
    return send(call, state, clock.now())
  }

  /** Waits until the call may be sent again; throws the failure when it may not. */
  const mayRepeat = async (
    failure: unknown,
    call: PreparedCall<unknown>,
    state: Progress,
  ): Promise<void> => {
    if (!isIvhError(failure)) throw failure
    const { answer } = state
    const blamedFromMs = answer && !state.corrected && clockBlamedFromMs(answer, failure)
    if (blamedFromMs) {
      const date = httpDate(headerOf(answer, 'date'))
      state.corrected = serverTime.learn(date, state.signedAt, blamedFromMs)
      if (state.corrected) {
        call.onRepeat?.(failure, state.attempt, 0)
        call.options.onRepeat?.(failure, 0)
        return
      }
    }
    const { signal, giveUp, stubborn = false } = call.options
    const delayMs = retryDelay({
      failure,
      retries: state.retries,
      maxRetries: state.maxRetries,
      repeatable: call.repeatable,
      stubborn,
      remainingMs: state.endsAt - clock.now(),
      random,
    })
    if (delayMs === undefined || !(stubborn || budget.take())) throw failure
    call.onRepeat?.(failure, state.attempt, delayMs)
    call.options.onRepeat?.(failure, delayMs)
    if (!(await pause(clock, delayMs, signal ?? giveUp))) {
      throw signal ? abortedWhileWaiting(signal, state.describe()) : failure
    }
    state.retries += 1
  }

  return (call) => {
    const now = clock.now()
    return send(call, new Progress(call, resolveLimits(call.options, client), now), now)
  }
}

/** The paths of one second are kept: they are the same, and each is made of five texts. */
function createPathSigner(client: ResolvedOptions): (path: string, now: number) => string {
  const queryAt = createQuerySignerAt(client)
  const paths = new Map<string, string>()
  let query = ''
  return (path, now) => {
    const current = queryAt(now)
    if (current !== query) paths.clear()
    query = current
    let signed = paths.get(path)
    if (signed === undefined) {
      signed = `${client.basePath}${path}?${query}`
      paths.set(path, signed)
    }
    return signed
  }
}

/** How far a call has got. */
class Progress implements Described {
  readonly timeoutMs: number
  readonly maxRetries: number
  /** When the call's own deadline is over, on the local clock. */
  readonly endsAt: number
  attempt = 0
  retries = 0
  corrected = false
  signedAt = 0
  answer: TransportResponse | undefined
  readonly #call: PreparedCall<unknown>

  constructor(call: PreparedCall<unknown>, limits: CallLimits, now: number) {
    this.timeoutMs = limits.timeoutMs
    this.maxRetries = limits.maxRetries
    this.endsAt = now + limits.deadlineMs
    this.#call = call
  }

  accepted(requestId: string | undefined): void {
    const { onAccepted } = this.#call.options
    onAccepted?.({ ...this.describe(), requestId })
  }

  describe(): IvhErrorContext {
    const { reqId, path, sessionId } = this.#call
    return { reqId, path, sessionId, attempt: this.attempt }
  }
}

/**
 * How far off a timestamp must have been to be blamed for this failure, in milliseconds; undefined for
 * what is no refusal. No document tells the code or the status of a stale timestamp. The service takes
 * none beyond 5 minutes (1211/62053), so every refusal may be that one; where it says that it is about
 * authorisation, less is enough, as some of the time is spent on the way.
 */
function clockBlamedFromMs({ status }: TransportResponse, failure: IvhError): number | undefined {
  const unauthorised = 'category' in failure && failure.category === 'authorisation'
  if (unauthorised || status === 401 || status === 403) return 4 * 60_000
  return failure.kind === 'api' || isRefusal(status) ? 5 * 60_000 : undefined
}

function abortedWhileWaiting(signal: AbortSignal, context: IvhErrorContext): IvhAbortError {
  return new IvhAbortError(
    'The call was aborted by its AbortSignal while it waited to be repeated',
    {
      ...context,
      cause: signal.reason,
    },
  )
}
