import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** True for a temporary failure: no network, a timeout, an overload. */
export function mayPass(error: unknown): error is AnyIvhError {
  if (!isIvhError(error)) return false
  const { kind } = error
  if (kind === 'api') {
    // Decide an unknown code by its HTTP status.
    return error.retry === 'backoff' || (error.category === 'unknown' && isOverload(error.status))
  }
  if (kind === 'transport') {
    // Treat a redirect or a refusal as permanent, but a body that is not JSON as temporary.
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
