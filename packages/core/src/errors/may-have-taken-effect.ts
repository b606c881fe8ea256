import type { AnyIvhError } from './is-ivh-error'

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
