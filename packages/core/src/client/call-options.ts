import { checkDuration, longestDelayMs } from '@ivh-kit/kernel'
import { type AnyIvhError, IvhConfigError, type IvhErrorContext } from '../errors'
import type { ResponseInfo } from './response-info'

/** What every call takes besides its payload. */
export interface CallOptions {
  /** Cuts the call short; it then rejects with IvhAbortError. */
  readonly signal?: AbortSignal | undefined
  /** How long each attempt may take, in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /**
   * How long the call may take altogether, retries and the waits between them included, in milliseconds.
   * Default: the client's `deadlineMs`; without that, `timeoutMs` for every attempt and 10 s for the waits.
   */
  readonly deadlineMs?: number | undefined
  /** How often the call may be repeated after a failure that may pass. Default: the client's `maxRetries`. */
  readonly maxRetries?: number | undefined
  /**
   * Told what came with the result, when the call succeeds and before its promise resolves; an error
   * carries its own. What it throws is logged and changes nothing.
   */
  readonly onResponse?: ((answer: ResponseInfo) => void) | undefined
}

/** What a call by path takes besides its payload. */
export interface PathCallOptions extends CallOptions {
  /**
   * Whether a second arrival of the call does no harm. Only then is it repeated after a time-out or a
   * lost connection. Default false.
   */
  readonly repeatable?: boolean | undefined
}

/** What the layers inside add to the options of a call. */
export interface AttemptOptions extends CallOptions {
  /** Ends the repeating of a call, but never an attempt that is under way. */
  readonly giveUp?: AbortSignal | undefined
  /** Called each time the call is about to wait and be sent again. */
  readonly onRepeat?: ((failure: AnyIvhError, delayMs: number) => void) | undefined
  /** Told where the answer came from, once it has been read. */
  readonly onAccepted?: ((context: IvhErrorContext) => void) | undefined
  /** Members of the payload that are sent as they are, without being checked. */
  readonly unchecked?: Readonly<Record<string, unknown>> | undefined
  /**
   * For a call that must get through: repeated after more kinds of failure, past the budget, and for as
   * long as its own `deadlineMs` (2 minutes by default) and its own `maxRetries` (any number by default)
   * allow. The client's are for calls that somebody waits for, and do not count.
   */
  readonly stubborn?: boolean | undefined
}

/** The limits of a call: its own, else the client's, or those of stubborn calls. */
export interface CallLimits {
  readonly timeoutMs: number
  readonly deadlineMs: number
  readonly maxRetries: number
}

/** What counts for a call that says nothing else. */
export interface ClientLimits {
  readonly timeoutMs: number
  readonly deadlineMs: number | undefined
  readonly maxRetries: number
}

const waitsMs = 10_000
const stubbornForMs = 120_000

/** @throws IvhConfigError naming the limit that cannot be. */
export function resolveLimits(
  given: Pick<AttemptOptions, 'timeoutMs' | 'deadlineMs' | 'maxRetries' | 'stubborn'>,
  client: ClientLimits,
): CallLimits {
  const timeoutMs = checkDuration('timeoutMs', given.timeoutMs ?? client.timeoutMs)
  if (given.stubborn) {
    const deadlineMs = checkDuration('deadlineMs', given.deadlineMs ?? stubbornForMs)
    return { timeoutMs, deadlineMs, maxRetries: given.maxRetries ?? Number.POSITIVE_INFINITY }
  }
  const maxRetries = checkRetries(given.maxRetries ?? client.maxRetries)
  const enough = Math.min((maxRetries + 1) * timeoutMs + waitsMs, longestDelayMs)
  const deadlineMs = checkDuration('deadlineMs', given.deadlineMs ?? client.deadlineMs ?? enough)
  return { timeoutMs, deadlineMs, maxRetries }
}

/** @throws IvhConfigError unless it is a whole number from 0. */
export function checkRetries(maxRetries: number): number {
  if (Number.isSafeInteger(maxRetries) && maxRetries >= 0) return maxRetries
  throw new IvhConfigError(`maxRetries is ${maxRetries}`, {
    hint: 'Give a whole number, 0 for no retries.',
  })
}
