import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** True for a temporary failure: no network, a timeout, an overload. */
export function mayPass(error: unknown): error is AnyIvhError {
  if (!isIvhError(error)) return false
  const { kind } = error
  if (kind === 'api') {
    // For an unknown code only the HTTP status can decide.
    return error.retry === 'backoff' || (error.category === 'unknown' && isOverload(error.status))
  }
  if (kind === 'transport') {
    // A redirect or a refusal is permanent. A body that is not JSON may be temporary.
    return error.status === undefined || error.status < 300 || isOverload(error.status)
  }
  return kind === 'timeout'
}

/** True for a timeout, a rate limit or an internal failure. */
function isOverload(status: number | undefined): boolean {
  return (
    status !== undefined && (status >= 500 || status === 408 || status === 425 || status === 429)
  )
}
