import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** True for a failure that the same call may not meet again: no network, a time-out, an overload. */
export function mayPass(error: unknown): error is AnyIvhError {
  if (!isIvhError(error)) return false
  if (error.kind === 'api') return error.retry === 'backoff'
  return error.kind === 'transport' || error.kind === 'timeout'
}
