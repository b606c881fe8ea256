import { IvhApiError } from './api-error'
import { type IvhError, isIvhError } from './ivh-error'

/** True for a failure that the same call may not meet again: no network, a time-out, an overload. */
export function mayPass(error: unknown): error is IvhError {
  if (!isIvhError(error)) return false
  if (error instanceof IvhApiError) return error.retry === 'backoff'
  return error.kind === 'transport' || error.kind === 'timeout'
}
