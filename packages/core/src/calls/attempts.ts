import { reasonOf } from '@ivh-kit/kernel'
import { pause } from '../async/pause'
import { type DeadlineResult, withDeadline } from '../async/with-deadline'
import {
  type AnyIvhError,
  IvhAbortError,
  type IvhErrorContext,
  IvhTimeoutError,
  IvhTransportError,
  isIvhError,
} from '../errors'
import { isRefusal } from '../errors/failure-effect'
import type { ResolvedOptions } from '../options/resolve-options'
import type { RequestWatch } from '../plugins/request-watch'
import { createQuerySignerAt } from '../signing/sign-query'
import { wasNotSent } from '../transport/not-sent'
import { dateOf, requestIdOf } from '../transport/response-facts'
import type { Transport, TransportResponse } from '../transport/transport'
import { type InternalCallOptions, resolveLimits } from './call-options'
import { createRetryBudget, retryDelay } from './retry-policy'

/** A checked call with its body, ready to be signed and sent any number of times. */
interface PreparedCall<Result> {
  readonly path: string
  readonly reqId: string
  readonly sessionId: string | undefined
  readonly body: string
  /** True when sending the call twice does no harm. */
  readonly idempotent: boolean
  readonly options: InternalCallOptions
  readonly read: (response: TransportResponse, context: IvhErrorContext) => Result
}

/** Sends a call with retries. Rejects with an IvhError; IvhConfigError for an invalid limit. */
export type Attempts = <Result>(call: PreparedCall<Result>) => Promise<Result>

/**
 * Creates the function that sends calls: one signed POST per attempt, with retries as {@link retryDelay}
 * and the client's retry budget allow. A call that was refused because of a wrong local clock is signed
 * with the server's time and sent once more.
 */
export function createAttempts(client: ResolvedOptions, transport: Transport): Attempts {
  const { basePath, clock, logger, observation, origin, random, serverTime, setup, steady } = client
  const queryAt = createQuerySignerAt(client)
  const budget = createRetryBudget()

  /** Waits for the plugins' setup, within the call's deadline. */
  const setUpPlugins = async (call: PreparedCall<unknown>, deadlineMs: number) => {
    const { reqId, path, sessionId } = call
    const interrupted = await setup.run(call.options.signal, deadlineMs)
    if (interrupted !== 'timeout') return
    throw new IvhTimeoutError(`The plugins were not set up within ${deadlineMs} ms`, deadlineMs, {
      ...{ reqId, path, sessionId },
      notSent: true,
      hint: 'Nothing was sent. Find the plugin whose setup is slow, or give the call a longer deadlineMs.',
    })
  }

  const post = async (
    call: PreparedCall<unknown>,
    context: IvhErrorContext,
    signedAt: number,
    timeoutMs: number,
  ): Promise<TransportResponse> => {
    const request = {
      origin,
      path: `${basePath}${call.path}?${queryAt(signedAt)}`,
      headers: client.headers,
      body: call.body,
    }
    const { signal } = call.options
    const delivery: { sent: boolean | undefined } = { sent: undefined }
    const send = (attemptSignal: AbortSignal) =>
      transport.send(request, { signal: attemptSignal, delivery })
    let outcome: DeadlineResult<TransportResponse>
    try {
      outcome = await withDeadline(send, { clock: steady, timeoutMs, signal })
    } catch (cause) {
      throw noResponse(origin, cause, context, delivery.sent)
    }
    if (outcome.interrupted === undefined) return outcome.value
    if (outcome.interrupted === 'aborted') throw aborted(signal, context)
    const notSent = delivery.sent === false
    throw new IvhTimeoutError(`No response from ${origin} within ${timeoutMs} ms`, timeoutMs, {
      ...context,
      notSent,
      hint: `Check the network. ${notSent ? 'Nothing was sent.' : 'The call may have taken effect.'}`,
    })
  }

  const reportResponse = (
    { options: { onResponse } }: PreparedCall<unknown>,
    response: TransportResponse,
    attempt: number,
  ) => {
    const { status, headers = {} } = response
    try {
      onResponse?.({ status, headers, requestId: requestIdOf(response), attempt })
    } catch (cause) {
      logger.error(`onResponse threw: ${reasonOf(cause)}. The call continues.`)
    }
  }

  const attemptUntilSettled = async <Result>(
    call: PreparedCall<Result>,
    watch: RequestWatch | undefined,
    limits: ReturnType<typeof resolveLimits>,
    endsAt: number,
  ): Promise<Result> => {
    const { signal, stopRetries, mustSucceed = false, onRetry, onAccepted } = call.options
    const { idempotent, reqId, path, sessionId } = call
    const { maxRetries } = limits
    let retries = 0
    let clockCorrected = false
    for (let attempt = 1; ; attempt += 1) {
      const context = { reqId, path, sessionId, attempt }
      const signedAt = serverTime.at(clock.now())
      let response: TransportResponse | undefined
      try {
        const timeoutMs = Math.max(1, Math.min(endsAt - steady.now(), limits.timeoutMs))
        response = await post(call, context, signedAt, timeoutMs)
        watch?.answered(response)
        const result = call.read(response, context)
        budget.refill()
        onAccepted?.({ ...context, requestId: requestIdOf(response) })
        reportResponse(call, response, attempt)
        return result
      } catch (failure) {
        if (!isIvhError(failure)) throw failure
        const toleratedMs = clockCorrected ? undefined : clockToleranceMs(response, failure)
        if (response && toleratedMs !== undefined) {
          clockCorrected = serverTime.learn(dateOf(response), signedAt, toleratedMs)
          if (clockCorrected) {
            watch?.repeated(failure, attempt, 0)
            onRetry?.(failure, 0)
            continue
          }
        }
        const remainingMs = endsAt - steady.now()
        const facts = { failure, retries, maxRetries, idempotent, mustSucceed, remainingMs, random }
        const delayMs = retryDelay(facts)
        if (delayMs === undefined || !(mustSucceed || budget.take())) throw failure
        watch?.repeated(failure, attempt, delayMs)
        onRetry?.(failure, delayMs)
        if (!(await pause(steady, delayMs, signal ?? stopRetries))) {
          throw signal ? aborted(signal, context, ' while it waited for a retry') : failure
        }
        retries += 1
      }
    }
  }

  return async (call) => {
    const limits = resolveLimits(call.options, client)
    const endsAt = steady.now() + limits.deadlineMs
    if (!setup.isDone) await setUpPlugins(call, limits.deadlineMs)
    if (!observation.requests.anyone) return attemptUntilSettled(call, undefined, limits, endsAt)
    const { openId } = call.options
    const watch = observation.requests.begin({
      ...call,
      origin,
      path: basePath + call.path,
      openId,
    })
    try {
      const result = await attemptUntilSettled(call, watch, limits, endsAt)
      watch.succeeded()
      return result
    } catch (error) {
      watch.failed(error)
      throw error
    }
  }
}

/**
 * Returns the smallest clock error that could explain this failure, in milliseconds; undefined when a wrong
 * clock could not explain it. The code and status of a stale timestamp are not documented. The service
 * accepts timestamps up to 5 minutes old (1211/62053), so any refusal may mean a stale timestamp. For an
 * authorisation failure a smaller error suffices, because the request may have been on its way for part of
 * the 5 minutes.
 */
function clockToleranceMs(
  response: TransportResponse | undefined,
  failure: AnyIvhError,
): number | undefined {
  if (!response) return undefined
  const { status } = response
  const unauthorised = failure.kind === 'api' && failure.category === 'authorisation'
  if (unauthorised || status === 401 || status === 403) return 4 * 60_000
  return failure.kind === 'api' || isRefusal(status) ? 5 * 60_000 : undefined
}

/**
 * Creates the error for a missing response. A custom transport may reject with any value, even with one that
 * throws when it is read.
 */
function noResponse(
  origin: string,
  cause: unknown,
  context: IvhErrorContext,
  sent: boolean | undefined,
): IvhTransportError {
  try {
    return new IvhTransportError(`No response from ${origin}: ${reasonWithCode(cause)}`, {
      ...context,
      notSent: sent === false || wasNotSent(cause),
      hint: isForeignDispatcher(cause)
        ? 'Give a dispatcher of undici 7: dispatchers of other versions work differently.'
        : 'Check the network, the proxy and baseUrl.',
      cause,
    })
  } catch {
    return noResponse(origin, 'the transport rejected with an unreadable value', context, sent)
  }
}

/** True when undici refused the handler: it belongs to another version of undici. */
function isForeignDispatcher(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_INVALID_ARG'
}

function reasonWithCode(cause: unknown): string {
  const reason = reasonOf(cause)
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? `${reason} (${cause.code})`
    : reason
}

function aborted(
  signal: AbortSignal | undefined,
  context: IvhErrorContext,
  when = '',
): IvhAbortError {
  return new IvhAbortError(`The call was aborted by its AbortSignal${when}`, {
    ...context,
    cause: signal?.reason,
  })
}
