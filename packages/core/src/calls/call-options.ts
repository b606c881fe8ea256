import { checkDuration, checkWholeNumber, longestDelayMs } from '@ivh-kit/kernel'
import type { CallOptions } from '../contracts/call-options'
import type { AnyIvhError, IvhErrorContext } from '../errors'
import type { ResolvedOptions } from '../options/resolve-options'

/** Options that the kit's own layers add to a call. */
export interface InternalCallOptions extends CallOptions {
  /** Ends the retries. An attempt in progress continues. */
  readonly stopRetries?: AbortSignal | undefined
  readonly onRetry?: ((failure: AnyIvhError, delayMs: number) => void) | undefined
  /** Receives the facts of a successful call for later errors. */
  readonly onAccepted?: ((context: IvhErrorContext) => void) | undefined
  /** Payload members that are sent without a check. */
  readonly unchecked?: Readonly<Record<string, unknown>> | undefined
  /**
   * True for a call that retries more kinds of failure, without the retry budget. The call's own `deadlineMs`
   * (default 2 minutes) and `maxRetries` (default unlimited) apply; the client's do not.
   */
  readonly mustSucceed?: boolean | undefined
  /** Id of the `sessions.open` that sends the call, for observers. */
  readonly openId?: string | undefined
}

/** Part of the default deadline that is reserved for pauses between attempts, in milliseconds. */
const pausesMs = 10_000
const mustSucceedDeadlineMs = 120_000

export function resolveLimits(call: InternalCallOptions, client: ResolvedOptions) {
  const timeoutMs = checkDuration('timeoutMs', call.timeoutMs ?? client.timeoutMs)
  if (call.mustSucceed) {
    const deadlineMs = checkDuration('deadlineMs', call.deadlineMs ?? mustSucceedDeadlineMs)
    return { timeoutMs, deadlineMs, maxRetries: call.maxRetries ?? Number.POSITIVE_INFINITY }
  }
  const maxRetries = checkWholeNumber('maxRetries', call.maxRetries ?? client.maxRetries, 0)
  const defaultMs = Math.min((maxRetries + 1) * timeoutMs + pausesMs, longestDelayMs)
  const deadlineMs = checkDuration('deadlineMs', call.deadlineMs ?? client.deadlineMs ?? defaultMs)
  return { timeoutMs, deadlineMs, maxRetries }
}
