import type { AnyIvhError } from './is-ivh-error'

/** Refusals that do not say how far the service had come: internal errors, and a time-out inside. */
const unclearCodes = new Set<number>([100000, -100000, -101000, -111004])

/**
 * True unless a failed call certainly changed nothing: it never left, or it was refused. A create that
 * may have taken effect must not be sent again.
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

/** 408 comes from a proxy that has given up waiting, so it is no refusal of the service. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408
}
