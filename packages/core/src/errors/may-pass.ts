import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** True for a failure that the same call may not meet again: no network, a time-out, an overload. */
export function mayPass(error: unknown): error is AnyIvhError {
  if (!isIvhError(error)) return false
  const { kind } = error
  if (kind === 'api') {
    // Of a code that nobody knows, the status is all there is to go by.
    return error.retry === 'backoff' || (error.category === 'unknown' && isOverload(error.status))
  }
  if (kind === 'transport') {
    // A redirect or a refusal stays; a page where JSON should be may not.
    return error.status === undefined || error.status < 300 || isOverload(error.status)
  }
  return kind === 'timeout'
}

/** A time-out, a limit, or a failure inside. */
function isOverload(status: number | undefined): boolean {
  return (
    status !== undefined && (status >= 500 || status === 408 || status === 425 || status === 429)
  )
}
