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
import { type AttemptOptions, resolveLimits } from './call-options'
import { exchange } from './exchange'
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
  readonly read: (answer: TransportResponse, context: IvhErrorContext) => Result
  /** Told each time the call is about to wait and be sent again. */
  readonly onRepeat?: (failure: AnyIvhError, attempt: number, delayMs: number) => void
}

export type Attempts = <Result>(call: PreparedCall<Result>) => Promise<Result>

/**
 * Sends a call, and repeats it as {@link retryDelay} and the client's budget allow. Beyond that, a call
 * that was refused because the local clock is wrong is signed with the server's time and sent once more.
 */
export function createAttempts(client: ResolvedOptions, transport: Transport): Attempts {
  const { clock, serverTime, origin, random } = client
  const signedQuery = createQuerySigner({ ...client, now: serverTime.now })
  const budget = createRetryBudget()

  return async ({ payload, context, repeatable, options, read, onRepeat }) => {
    const { signal, stubborn = false } = options
    const { timeoutMs, deadlineMs, maxRetries } = resolveLimits(options, client)
    const endsAt = clock.now() + deadlineMs
    const left = () => endsAt - clock.now()
    const body = JSON.stringify({ Header: {}, Payload: payload })
    let retries = 0
    let corrected = false

    for (let attempt = 1; ; attempt += 1) {
      const attempted = { ...context, attempt }
      const signedAt = serverTime.now()
      const path = `${client.basePath}${context.path}?${signedQuery()}`
      const limits = { clock, signal, timeoutMs: Math.max(1, Math.min(timeoutMs, left())) }
      let answer: TransportResponse | undefined
      try {
        answer = await exchange(transport, { origin, path, body }, limits, attempted)
        const result = read(answer, attempted)
        budget.refill()
        return result
      } catch (failure) {
        if (!isIvhError(failure)) throw failure
        if (!corrected && answer && wasUnauthorised(answer, failure)) {
          corrected = serverTime.learn(httpDate(headerOf(answer, 'date')), signedAt)
          if (corrected) {
            onRepeat?.(failure, attempt, 0)
            continue
          }
        }
        const delayMs = retryDelay({
          failure,
          retries,
          maxRetries,
          repeatable,
          stubborn,
          remainingMs: left(),
          random,
        })
        if (delayMs === undefined || !(stubborn || budget.take())) throw failure
        onRepeat?.(failure, attempt, delayMs)
        if (!(await pause(clock, delayMs, signal ?? options.giveUp))) {
          throw signal ? abortedWhileWaiting(signal, attempted) : failure
        }
        retries += 1
      }
    }
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
