import { isIvhError } from '@ivh-kit/core'

/**
 * Resolves when no session of a failed open is left at the service. Reads `cleanup` of the error, or of the
 * error that the application wrapped.
 */
export async function cleanupOf(error: unknown): Promise<void> {
  for (let cause = error; isError(cause); cause = cause.cause) {
    if (isIvhError(cause)) await cause.cleanup
  }
}

function isError(value: unknown): value is { readonly cause?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value
}
