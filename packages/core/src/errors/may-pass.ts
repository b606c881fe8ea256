import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** True for a failure that the same call may not meet again: no network, a time-out, an overload. */
export function mayPass(error: unknown): error is AnyIvhError {
  if (!isIvhError(error)) return false
  if (error.kind === 'api') return error.retry === 'backoff'
  if (error.kind === 'transport') return error.status === undefined || statusMayPass(error.status)
  return error.kind === 'timeout'
}

/** A redirect or a refusal stays; a time-out, a limit, and a page where JSON should be may not. */
function statusMayPass(status: number): boolean {
  return status < 300 || status >= 500 || status === 408 || status === 425 || status === 429
}
