import { type AnyIvhError, isIvhError } from './is-ivh-error'

/** Codes of internal errors and internal timeouts: the service may have carried out part of the call. */
const unclearCodes = new Set<number>([100000, -100000, -101000, -111004])

/**
 * False when a failed call certainly had no effect: it was not sent, or it was refused. A create that may
 * have taken effect must not be retried.
 */
export function mayHaveTakenEffect(error: AnyIvhError): boolean {
  switch (error.kind) {
    case 'transport':
      return !error.notSent && !isRefusal(error.status)
    case 'api':
      return unclearCodes.has(error.code) || error.category === 'unknown'
    case 'timeout':
      return !error.notSent
    case 'abort':
    case 'response-shape':
      return true
    case 'config':
    case 'validation':
    case 'plugin':
    case 'session':
      return false
  }
}

/** True for a 4xx status of the service. 408 comes from a proxy that timed out. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408
}

/** The pause that the server asked for (`Retry-After`), in milliseconds; 0 without one. */
export function retryAfterOf(failure: AnyIvhError | undefined): number {
  return (failure && 'retryAfterMs' in failure && failure.retryAfterMs) || 0
}

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
