import {
  type AnyIvhError,
  IvhAbortError,
  type IvhError,
  type IvhErrorContext,
  isIvhError,
} from '../errors'
import { pause } from '../sessions/pause'
import { createQuerySigner } from '../signing/sign-query'
import { httpDate } from '../transport/http-date'
import { headerOf, type Transport, type TransportResponse } from '../transport/transport'
import { type AttemptOptions, type CallLimits, resolveLimits } from './call-options'
import { createDeadlines } from './deadlines'
import { type Described, exchange } from './exchange'
import type { ResolvedOptions } from './options'
import { createRetryBudget } from './retry-budget'
import { retryDelay } from './retry-policy'

/** A call that is ready to be signed and sent, as often as it takes. */
export interface PreparedCall<Result> {
  readonly payload: object
  readonly context: IvhErrorContext & { readonly path: string }
  /** Whether a second arrival does no harm. */
  readonly repeatable: boolean
  readonly options: AttemptOptions
  /** Makes the result of an answer, or throws an IvhError. */
  readonly read: (answer: TransportResponse, call: Described) => Result
  /** Told each time the call is about to wait and be sent again. */
  readonly onRepeat?: (failure: AnyIvhError, attempt: number, delayMs: number) => void
}

const headers = { 'content-type': 'application/json;charset=utf-8' }

export type Attempts = <Result>(call: PreparedCall<Result>) => Promise<Result>

/**
 * Sends a call, and repeats it as {@link retryDelay} and the client's budget allow. Beyond that, a call
 * that was refused because the local clock is wrong is signed with the server's time and sent once more.
 */
export function createAttempts(client: ResolvedOptions, transport: Transport): Attempts {
  const { clock, serverTime, origin, random } = client
  const signedQuery = createQuerySigner({ ...client, now: serverTime.now })
  const budget = createRetryBudget()
  const deadlines = createDeadlines(clock)

  const sendOnce = (call: PreparedCall<unknown>, state: Progress) => {
    state.signedAt = serverTime.now()
    const path = `${client.basePath}${call.context.path}?${signedQuery()}`
    const leftMs = state.endsAt - clock.now()
    const timeoutMs = Math.max(1, Math.min(leftMs, state.timeoutMs))
    const { signal } = call.options
    return exchange(
      transport,
      { origin, path, headers, body: state.body },
      { deadlines, signal, timeoutMs },
      state,
    )
  }

  /** Waits until the call may be sent again; throws the failure when it may not. */
  const mayRepeat = async (
    failure: unknown,
    call: PreparedCall<unknown>,
    state: Progress,
  ): Promise<void> => {
    if (!isIvhError(failure)) throw failure
    const { answer } = state
    if (!state.corrected && answer && wasUnauthorised(answer, failure)) {
      state.corrected = serverTime.learn(httpDate(headerOf(answer, 'date')), state.signedAt)
      if (state.corrected) {
        call.onRepeat?.(failure, state.attempt, 0)
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
    if (!(await pause(clock, delayMs, signal ?? giveUp))) {
      throw signal ? abortedWhileWaiting(signal, state.describe()) : failure
    }
    state.retries += 1
  }

  return async (call) => {
    const limits = resolveLimits(call.options, client)
    const state = new Progress(call, limits, clock.now())
    for (;;) {
      state.attempt += 1
      state.answer = undefined
      try {
        state.answer = await sendOnce(call, state)
        const result = call.read(state.answer, state)
        budget.refill()
        return result
      } catch (failure) {
        await mayRepeat(failure, call, state)
      }
    }
  }
}

/** How far a call has got. */
class Progress implements Described {
  readonly timeoutMs: number
  readonly maxRetries: number
  /** When the call's own deadline is over, on the local clock. */
  readonly endsAt: number
  readonly body: string
  attempt = 0
  retries = 0
  corrected = false
  signedAt = 0
  answer: TransportResponse | undefined
  readonly #context: IvhErrorContext

  constructor({ payload, context }: PreparedCall<unknown>, limits: CallLimits, now: number) {
    this.timeoutMs = limits.timeoutMs
    this.maxRetries = limits.maxRetries
    this.endsAt = now + limits.deadlineMs
    this.body = `{"Header":{},"Payload":${JSON.stringify(payload)}}`
    this.#context = context
  }

  describe(): IvhErrorContext {
    return { ...this.#context, attempt: this.attempt }
  }
}

/** The refusals that a stale timestamp may be behind; no document tells its code or status. */
function wasUnauthorised({ status }: TransportResponse, failure: IvhError): boolean {
  return (
    status === 401 ||
    status === 403 ||
    ('category' in failure && failure.category === 'authorisation')
  )
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
