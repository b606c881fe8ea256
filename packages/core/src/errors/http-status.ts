import { describeCode } from '../protocol/codes'
import { isIvhError } from './is-ivh-error'
import type { SessionFailure } from './session-error'

const sessionStatuses: Readonly<Record<SessionFailure, number>> = {
  'creation-failed': 502,
  closed: 410,
  'client-closed': 503,
  'outcome-unknown': 504,
  'already-opening': 409,
  'delivery-unknown': 502,
  'not-interruptible': 409,
  'queue-full': 429,
  'source-paused': 502,
}

/**
 * The HTTP status that a backend should send after this error: the code's own status for a refusal, 504 for
 * a timeout, 502 for an unusable response, 400 for an invalid payload, 409 or 410 for a session error, 503
 * after an abort, 500 for everything else.
 */
export function httpStatusOf(error: unknown): number {
  if (!isIvhError(error)) return 500
  switch (error.kind) {
    case 'api':
      return describeCode(error.code).httpStatus
    case 'session':
      return sessionStatuses[error.reason]
    case 'validation':
      return 400
    case 'timeout':
      return 504
    case 'transport':
    case 'response-shape':
      return 502
    case 'abort':
      return 503
    case 'config':
    case 'plugin':
      return 500
  }
}
